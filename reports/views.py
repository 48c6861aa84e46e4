"""The document of a gate: read it, see what is missing, build it, freeze it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from core.languages import LANGUAGES
from core.models import Job
from engagements.content import kind_for, title_of
from engagements.found import find_gate
from engagements.models import Gate, Revocation
from engagements.views.page_context import page_context
from reports.comments import comments_on, sections_in
from reports.content.formats import is_drawn
from reports.domain.choose_language import choose_language
from reports.domain.comment_on_section import comment_on_section
from reports.domain.open_review import open_review
from reports.domain.request_freeze import request_freeze
from reports.drafts import next_version, review_of
from reports.forms import CommentForm
from reports.job_kinds import latest_build
from reports.outline import PLAN, outline_of, sections_of
from reports.plan_paper import plan_context
from reports.readiness import Readiness, readiness_of
from reports.reading import Reading, may_freeze, reading_of
from reports.sheets.composing import words_of


@require_safe
@login_required
def document(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The document as a page, with what was said about it. A link to a section's comments names it in the address."""
    gate = find_gate(request, code, number)
    sections = sections_of(kind_for(gate).value)
    return _show(request, gate, CommentForm(sections=sections, initial={"section": request.GET.get("comment", "")}))


def _show(request: HttpRequest, gate: Gate, form: CommentForm) -> HttpResponse:
    reader = reader_of(request)
    reading, may = reading_of(gate, reader), may_freeze(gate, reader)
    parts = _parts(gate, reading)
    if "annexes" in parts:
        form.offer(sections_in(parts["sheets"], parts["annexes"]))
    context = page_context(
        gate.engagement,
        gate=gate,
        title=title_of(gate),
        may_freeze=may,
        reading=reading,
        review=review_of(gate),
        revoked=_revoked(reading, reader),
        comments=comments_on(gate, reader),
        form=form,
        opened=request.GET.get("open", ""),
        **parts,
        readiness=_readiness(gate, reading) if may else None,
    )
    return render(request, "reports/document.html", context, status=status_of(form))


def _revoked(reading: Reading | None, reader: User) -> Revocation | None:
    """The act that took back a signature on what is read here."""
    if reading is None or reading.frozen is None:
        return None
    revocations = Revocation.objects.visible_to(reader).filter(signoff__document=reading.frozen)
    return revocations.select_related("signoff").first()


def _parts(gate: Gate, reading: Reading | None) -> dict[str, Any]:
    kind = kind_for(gate).value
    if reading is None:
        return {}
    if not is_drawn(reading.snapshot["content"]):
        return {"is_on_paper_only": True}
    if kind == PLAN:
        return plan_context(reading.snapshot)
    words = words_of(reading.snapshot["content"])
    return {"outline": outline_of(kind, words.language), "words": words}


def _readiness(gate: Gate, reading: Reading | None) -> Readiness:
    has_changed = bool(reading and reading.changes)
    return readiness_of(gate, reading.snapshot["content"] if reading else {}, has_changed=has_changed)


@require_POST
@login_required
def comment(request: HttpRequest, code: str, number: int) -> HttpResponse:
    gate = find_gate(request, code, number)
    form = CommentForm(request.POST, sections=sections_of(kind_for(gate).value))
    if form.is_valid():
        with refusals_into(form):
            comment_on_section(gate, actor=reader_of(request), **form.cleaned_data)
            messages.success(request, "Your comment stands beside the document.")
            return redirect(reverse("reports:document", args=[code, number]) + "#comments")
    return _show(request, gate, form)


@require_POST
@login_required
def review(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Open the draft to everybody on the engagement."""
    gate = find_gate(request, code, number)
    opened = open_review(gate, actor=reader_of(request))
    messages.success(request, f"The draft of version {opened.version} is open for reading and comments.")
    return redirect("reports:document", code, number)


@require_safe
@login_required
def build(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The region of the page that shows how far the building is; asked again while it goes on."""
    gate = find_gate(request, code, number)
    require(reader_of(request), Permission.FREEZE, gate.engagement.organization)
    job = latest_build(gate)
    reading = reading_of(gate, reader_of(request)) if job and job.state == Job.State.FAILED else None
    context = {"gate": gate, "engagement": gate.engagement, "job": job, "reading": reading}
    return render(request, "reports/parts/build.html", context)


@require_POST
@login_required
def language(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Write the drafts from now on in the chosen language, without building a version yet."""
    gate = find_gate(request, code, number)
    before = gate.language
    chosen = choose_language(gate, actor=reader_of(request), language=request.POST.get("language", ""))
    messages.success(request, _said_of_language(chosen, before))
    return redirect(reverse("reports:document", args=[code, number]))


def _said_of_language(gate: Gate, before: str) -> str:
    name = LANGUAGES[gate.language]
    if gate.language == before:
        return f"The draft is written in {name} already. Nothing was changed."
    return (
        f"The draft is written in {name} from now on, as you read it here. Nothing was frozen: "
        f"“Build and freeze version {next_version(gate)}” does that."
    )


@require_POST
@login_required
def freeze(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Have the next version built and frozen by the worker; the page shows how far it is."""
    language = request.POST.get("language", "")
    request_freeze(find_gate(request, code, number), actor=reader_of(request), language=language)
    return redirect(reverse("reports:document", args=[code, number]) + "#build")
