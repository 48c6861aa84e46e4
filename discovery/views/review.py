"""The review queue, and one finding with what is decided about it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.reader import reader_of
from discovery.domain.accept_finding import accept_findings
from discovery.domain.undo_review import undo_batch
from discovery.models import Finding, Severity
from discovery.queries import severity_counts
from discovery.views.found import evidence_context, find_estate, find_reviewed

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from discovery.models.finding import FindingQuerySet
    from engagements.models import Engagement

PER_PAGE = 50
STATES = {
    "open": "Open",
    "accepted": "Accepted",
    "dismissed": "Dismissed",
    "gone": "No longer there",
    "all": "All",
}


@require_safe
@login_required
def queue(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    state, severity = _filters(request)
    page = Paginator(_filtered(engagement, request, state, severity), PER_PAGE).get_page(request.GET.get("page"))
    counts = severity_counts(engagement)
    context = evidence_context(
        request,
        engagement,
        page=page,
        states=STATES,
        state=state,
        severity=severity,
        is_all_selected=request.GET.get("select") == "all",
        severity_choices=Severity.choices,
        batch=_batch(request.GET.get("batch", "")),
        **_totals(counts),
    )
    return render(request, "discovery/queue.html", context)


def _filters(request: HttpRequest) -> tuple[str, str]:
    state, severity = request.GET.get("state", "open"), request.GET.get("severity", "")
    return state if state in STATES else "open", severity if severity in Severity.values else ""


def _filtered(engagement: Engagement, request: HttpRequest, state: str, severity: str) -> FindingQuerySet:
    known = Finding.objects.visible_to(reader_of(request)).filter(engagement=engagement)
    findings = known.by_severity().in_state(state)
    return findings.filter(severity=severity) if severity else findings


def _totals(counts: dict[str, dict[str, int]]) -> dict[str, Any]:
    total = sum(sum(states.values()) for states in counts.values())
    left = sum(states.get(Finding.State.OPEN, 0) for states in counts.values())
    return {"total": total, "left": left, "reviewed": total - left}


def _batch(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


@require_POST
@login_required
def accept_chosen(request: HttpRequest, code: str) -> HttpResponse:
    """Accept the ticked findings, each as `number:version` of what was on screen."""
    engagement = find_reviewed(request, code)
    try:
        chosen = [tuple(map(int, one.split(":"))) for one in request.POST.getlist("finding")]
        versions = {number: version for number, version in chosen}  # noqa: C416 (each pair has to be a pair)
    except ValueError:
        return HttpResponseBadRequest("Each finding is its number, a colon and its version.", content_type="text/plain")
    accepted = accept_findings(engagement, versions=versions, actor=reader_of(request))
    count = len(accepted.findings)
    messages.success(request, f"{count} finding{'s are' if count != 1 else ' is'} accepted.")
    return redirect(f"{_queue_url(code)}?batch={accepted.batch}")


@require_POST
@login_required
def undo_chosen(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_reviewed(request, code)
    batch = _batch(request.POST.get("batch", ""))
    if batch is None:
        return HttpResponseBadRequest("This is not the number of a review.", content_type="text/plain")
    undone = undo_batch(engagement, batch=batch, actor=reader_of(request))
    messages.success(request, f"{', '.join(finding.reference for finding in undone.findings[:10])}: open again.")
    return redirect("discovery:queue", code)


def _queue_url(code: str) -> str:
    from django.urls import reverse

    return reverse("discovery:queue", args=[code])
