"""What is done to the ticked findings of the review queue, and its way back."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBadRequest, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.reader import reader_of
from core.errors import DomainError
from core.forms import number_in
from discovery.domain.accept_finding import accept_findings
from discovery.domain.assign_findings import assign_findings, person_on_the_team
from discovery.domain.classify_findings import classify_findings
from discovery.domain.dismiss_finding import dismiss_findings
from discovery.domain.merge_duplicates import merge_duplicates
from discovery.domain.undo_review import undo_batch
from discovery.found import find_reviewed
from discovery.models import Finding
from discovery.review_queue import QueueFilter
from discovery.review_words import told_left_alone, told_undone
from discovery.views.queue import queue_page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest, HttpResponse

    from discovery.domain.review_several import Reviewed
    from engagements.models import Engagement


@require_POST
@login_required
def accept_chosen(request: HttpRequest, code: str) -> HttpResponse:
    return _act(request, code, accept_findings)


@require_POST
@login_required
def dismiss_chosen(request: HttpRequest, code: str) -> HttpResponse:
    reason, note = request.POST.get("reason", ""), request.POST.get("note", "")
    return _act(request, code, dismiss_findings, reason=reason, note=note)


@require_POST
@login_required
def merge_chosen(request: HttpRequest, code: str) -> HttpResponse:
    into = request.POST.get("into", "").strip().upper().removeprefix("F-")
    return _act(request, code, merge_duplicates, into=number_in(into))


@require_POST
@login_required
def classify_chosen(request: HttpRequest, code: str) -> HttpResponse:
    return _act(request, code, classify_findings, letter=request.POST.get("translation_class", ""))


@require_POST
@login_required
def assign_chosen(request: HttpRequest, code: str) -> HttpResponse:
    def assign(engagement: Engagement, **chosen: Any) -> Reviewed:
        assignee = person_on_the_team(engagement, request.POST.get("assignee", ""))
        return assign_findings(engagement, assignee=assignee, **chosen)

    return _act(request, code, assign)


def _act(request: HttpRequest, code: str, act: Callable[..., Reviewed], **typed: Any) -> HttpResponse:
    """Do it and go on to the next row. What is refused is shown in the queue, with all that was ticked and typed."""
    engagement = find_reviewed(request, code)
    versions = _chosen(request)
    if versions is None:
        return HttpResponseBadRequest("Each finding is its number, a colon and its version.", content_type="text/plain")
    asked = QueueFilter.read(QueryDict(request.POST.get("filters", "")))
    try:
        reviewed = act(engagement, versions=versions, actor=reader_of(request), **typed)
    except DomainError as refusal:
        return queue_page(
            request,
            engagement,
            asked,
            at=min(versions, default=0),
            ticked=versions,
            typed=request.POST,
            refusals=refusal.reasons,
            status=refusal.status_code,
        )
    return redirect(asked.url(code, at=_next_row(request, engagement, asked, reviewed)))


def _chosen(request: HttpRequest) -> Mapping[int, int] | None:
    """The ticked findings, each as `number:version` of what was on screen; nothing when one of them is not."""
    try:
        chosen = [tuple(map(int, one.split(":"))) for one in request.POST.getlist("finding")]
        return {number: version for number, version in chosen}  # noqa: C416 (each pair has to be a pair)
    except ValueError:
        return None


def _next_row(request: HttpRequest, engagement: Engagement, asked: QueueFilter, reviewed: Reviewed) -> Finding | None:
    """The row behind those that were acted on; at the end of the queue the last one that is left."""
    reader = reader_of(request)
    found = asked.narrow(Finding.objects.visible_to(reader).filter(engagement=engagement), reader)
    numbers = [finding.number for finding in reviewed.findings]
    last = Finding.objects.visible_to(reader).filter(engagement=engagement, number__in=numbers).by_severity().last()
    if last is None:
        return None
    return found.behind(last).first() or found.before(last).first()


@require_POST
@login_required
def undo_chosen(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_reviewed(request, code)
    batch = _batch(request.POST.get("batch", ""))
    if batch is None:
        return HttpResponseBadRequest("This is not the number of a review.", content_type="text/plain")
    asked = QueueFilter.read(QueryDict(request.POST.get("filters", "")))
    try:
        undone = undo_batch(engagement, batch=batch, actor=reader_of(request))
    except DomainError as refusal:
        return queue_page(request, engagement, asked, refusals=refusal.reasons, status=refusal.status_code)
    messages.success(request, told_undone(undone))
    if undone.left_alone:
        messages.warning(request, told_left_alone(undone.left_alone))
    first = undone.findings[0]
    if request.POST.get("back") == "finding":
        return redirect("discovery:finding", code, first.number)
    return redirect(asked.url(code, at=first))


def _batch(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
