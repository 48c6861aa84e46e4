"""One finding: its evidence, what is decided about it, what becomes of the line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.reader import reader_of
from core.components import Shortcut
from core.errors import Conflict
from core.forms import move_to_version, refusals_into, status_of
from discovery.domain.accept_finding import accept_finding
from discovery.domain.answer_finding import FindingAnswer, answer_finding
from discovery.domain.dismiss_finding import dismiss_finding
from discovery.domain.note_finding import note_finding
from discovery.domain.undo_review import undo_review
from discovery.forms import AcceptForm, AnswerForm, DismissForm, VersionForm
from discovery.found import find_estate, find_finding, find_reviewed, find_to_review
from discovery.models import Finding, FindingDraft
from discovery.note_form import NoteFindingForm
from discovery.postfix.rule_packs import is_rule
from discovery.queries import history_of
from discovery.review_queries import last_act
from discovery.review_queue import QueueFilter
from discovery.trackers.external_ids import FINDING, external_id
from discovery.views.page_context import evidence_context

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest, HttpResponse

    from discovery.models.finding import FindingQuerySet


SHORTCUTS = (
    Shortcut("j", "Next finding"),
    Shortcut("k", "Previous finding"),
    Shortcut("u", "Back to the queue"),
    Shortcut("1", "Accept"),
    Shortcut("3", "Dismiss: go to the reasons"),
    Shortcut("e", "Edit what becomes of the line"),
    Shortcut("z", "Undo"),
)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def finding_note(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_reviewed(request, code)
    form = NoteFindingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            finding = note_finding(engagement, said=form.said(), actor=reader_of(request))
            messages.success(request, f"{finding.reference} is logged. Say what becomes of it.")
            return redirect("discovery:finding", code, finding.number)
    context = evidence_context(request, engagement, form=form)
    return render(request, "discovery/finding_note.html", context, status=status_of(form))


@require_safe
@login_required
def finding_detail(request: HttpRequest, code: str, number: int) -> HttpResponse:
    finding = find_finding(request, find_estate(request, code), number)
    return _page(request, finding)


@require_POST
@login_required
def finding_accept(request: HttpRequest, code: str, number: int) -> HttpResponse:
    finding = find_to_review(request, code, number)
    form = AcceptForm(request.POST, auto_id="accept_%s")
    if form.is_valid():
        with refusals_into(form):
            accept_finding(finding, actor=reader_of(request), **form.cleaned_data)
            messages.success(request, f"{finding.reference} is accepted.")
            return _next(request, finding)
    return _again(request, finding, "accept_form", form)


@require_POST
@login_required
def finding_dismiss(request: HttpRequest, code: str, number: int) -> HttpResponse:
    finding = find_to_review(request, code, number)
    form = DismissForm(request.POST, auto_id="dismiss_%s")
    if form.is_valid():
        with refusals_into(form):
            dismiss_finding(finding, actor=reader_of(request), **form.cleaned_data)
            messages.success(request, f"{finding.reference} is dismissed. It stays visible to everybody.")
            return _next(request, finding)
    return _again(request, finding, "dismiss_form", form)


@require_POST
@login_required
def finding_undo(request: HttpRequest, code: str, number: int) -> HttpResponse:
    finding = find_to_review(request, code, number)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return _page(request, finding, status=422)
    undo_review(finding, actor=reader_of(request), version=form.cleaned_data["version"])
    messages.success(request, f"{finding.reference} is open again.")
    return redirect(_url(finding, _asked(request)))


@require_POST
@login_required
def finding_answer(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Write down what becomes of the line. On a conflict both texts are shown and nothing typed is lost."""
    finding = find_to_review(request, code, number)
    form = AnswerForm(request.POST, auto_id="answer_%s")
    if form.is_valid():
        with refusals_into(form):
            version = form.cleaned_data["version"]
            answer_finding(finding, actor=reader_of(request), version=version, answer=form.answer())
            messages.success(request, f"{finding.reference} is saved.")
            return _next(request, finding) if "next" in request.POST else redirect(_url(finding, _asked(request)))
    return answer_again(request, finding, form)


def answer_again(request: HttpRequest, finding: Finding, form: AnswerForm) -> HttpResponse:
    """The page with what was typed about the line and could not be saved."""
    return _again(request, finding, "answer_form", form)


def _again(request: HttpRequest, finding: Finding, name: str, form: VersionForm) -> HttpResponse:
    """The page with what was typed. After a conflict the form is about the version that is shown beside it now."""
    status = status_of(form)
    is_conflict = status == Conflict.status_code
    if is_conflict:
        finding = find_finding(request, finding.engagement, finding.number)
        move_to_version(form, request.POST, finding.version)
    return _page(request, finding, status=status, **{name: form, "is_conflict": is_conflict})


def _page(request: HttpRequest, finding: Finding, *, status: int = 200, **forms_shown: Any) -> HttpResponse:
    asked = _asked(request)
    around = _queue(request, finding, asked)
    draft = FindingDraft.objects.visible_to(reader_of(request)).of(finding, reader_of(request)).unsaved().first()
    shown = _forms(finding, draft) | forms_shown
    context = evidence_context(
        request,
        finding.engagement,
        finding=finding,
        external_id=external_id(finding.engagement.code, FINDING, finding.number),
        asked=asked,
        shortcuts=SHORTCUTS,
        queue_url=asked.url(finding.engagement.code, at=finding),
        last_act=last_act(finding.engagement, reader_of(request)),
        is_rule_known=is_rule(finding.rule),
        history=history_of(finding),
        previous=around.before(finding).first(),
        following=around.behind(finding).first(),
        draft=draft,
        mine=_mine(finding, draft, shown["answer_form"]),
        **shown,
    )
    return render(request, "discovery/finding.html", context, status=status)


def _forms(finding: Finding, draft: FindingDraft | None) -> dict[str, forms.Form]:
    """What can be decided about it, at the version that is shown."""
    at_version = {"version": finding.version}
    typed = draft or finding
    answer = at_version | {name: getattr(typed, name) for name in ("translation_class", "impact", "proposal")}
    return {
        "accept_form": AcceptForm(initial=at_version, auto_id="accept_%s"),
        "dismiss_form": DismissForm(initial=at_version, auto_id="dismiss_%s"),
        "undo_form": VersionForm(initial=at_version, auto_id="undo_%s"),
        "answer_form": AnswerForm(initial=answer, auto_id="answer_%s"),
    }


def _mine(finding: Finding, draft: FindingDraft | None, form: forms.Form) -> FindingAnswer | None:
    """What this reader wrote over another version than the one that stands now."""
    if form.is_bound and status_of(form) == Conflict.status_code:
        return FindingAnswer(*(form.data.get(name, "") for name in ("translation_class", "impact", "proposal")))
    if draft and draft.version != finding.version:
        return FindingAnswer(draft.translation_class, draft.impact, draft.proposal)
    return None


def _asked(request: HttpRequest) -> QueueFilter:
    """The queue the reader came from; who came from elsewhere walks over all findings."""
    kept = QueryDict(request.POST.get("filters", "")) if request.method == "POST" else request.GET
    return QueueFilter.read(kept, state="all")


def _queue(request: HttpRequest, finding: Finding, asked: QueueFilter) -> FindingQuerySet:
    known = Finding.objects.visible_to(reader_of(request)).filter(engagement=finding.engagement)
    return asked.narrow(known, reader_of(request))


def _url(finding: Finding, asked: QueueFilter) -> str:
    return f"{reverse('discovery:finding', args=[finding.engagement.code, finding.number])}?{asked.query}"


def _next(request: HttpRequest, finding: Finding) -> HttpResponse:
    """On to the next open finding of the queue the reader came from, or back to that queue when nothing is left."""
    asked = _asked(request)
    waiting = _queue(request, finding, asked).current().unanswered()
    following = waiting.behind(finding).first() or waiting.exclude(pk=finding.pk).first()
    if following is None:
        return redirect(asked.url(finding.engagement.code, at=finding))
    return redirect(_url(following, asked))
