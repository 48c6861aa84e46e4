"""One finding: its evidence, what is decided about it, what becomes of the line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.reader import reader_of
from core.errors import Conflict
from core.forms import refusals_into, status_of
from discovery.domain.accept_finding import accept_finding
from discovery.domain.answer_finding import answer_finding
from discovery.domain.dismiss_finding import dismiss_finding
from discovery.domain.undo_review import undo_review
from discovery.forms import AcceptForm, AnswerForm, DismissForm, VersionForm
from discovery.models import Finding
from discovery.postfix.rule_packs import is_rule
from discovery.queries import history_of
from discovery.views.found import evidence_context, find_estate, find_finding, find_to_review

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest, HttpResponse


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
    return redirect("discovery:finding", code, number)


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
            return redirect("discovery:finding", code, number)
    return _again(request, finding, "answer_form", form)


def _again(request: HttpRequest, finding: Finding, name: str, form: VersionForm) -> HttpResponse:
    """The page with what was typed. After a conflict the form is about the version that is shown beside it now."""
    status = status_of(form)
    is_conflict = status == Conflict.status_code
    if is_conflict:
        finding = find_finding(request, finding.engagement, finding.number)
        form.data = request.POST.copy()
        form.data["version"] = str(finding.version)
    return _page(request, finding, status=status, **{name: form, "is_conflict": is_conflict})


def _page(request: HttpRequest, finding: Finding, *, status: int = 200, **forms_shown: Any) -> HttpResponse:
    at_version = {"version": finding.version}
    answer = at_version | {
        "translation_class": finding.translation_class,
        "impact": finding.impact,
        "proposal": finding.proposal,
    }
    shown: dict[str, forms.Form] = {
        "accept_form": AcceptForm(initial=at_version, auto_id="accept_%s"),
        "dismiss_form": DismissForm(initial=at_version, auto_id="dismiss_%s"),
        "undo_form": VersionForm(initial=at_version, auto_id="undo_%s"),
        "answer_form": AnswerForm(initial=answer, auto_id="answer_%s"),
    }
    context = evidence_context(
        request,
        finding.engagement,
        finding=finding,
        is_rule_known=is_rule(finding.rule),
        history=history_of(finding),
        previous=_neighbour(request, finding, "-"),
        following=_neighbour(request, finding, ""),
        **(shown | forms_shown),
    )
    return render(request, "discovery/finding.html", context, status=status)


def _neighbour(request: HttpRequest, finding: Finding, direction: str) -> Finding | None:
    """The next finding by number, or the one before it."""
    around = Finding.objects.visible_to(reader_of(request)).filter(engagement=finding.engagement).current()
    side = {"number__lt": finding.number} if direction else {"number__gt": finding.number}
    return around.filter(**side).order_by(f"{direction}number").first()


def _next(request: HttpRequest, finding: Finding) -> HttpResponse:
    """On to the next open finding by weight; back to the queue when nothing is left. The act can be undone there."""
    waiting = Finding.objects.visible_to(reader_of(request)).filter(engagement=finding.engagement).current()
    following = waiting.unanswered().by_severity().first()
    if following is None:
        return redirect("discovery:queue", finding.engagement.code)
    return redirect("discovery:finding", finding.engagement.code, following.number)
