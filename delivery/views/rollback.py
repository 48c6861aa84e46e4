"""The way back to Postfix: one screen for a drill and for the real thing, used at 3 a.m. on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.middleware import last_authentication
from accounts.permissions import Permission, allowed, allowed_any, require
from accounts.proof_views import ask_for_proof, asks_for_proof, is_freshly_authenticated, lead_to_proof, typed_before
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from core.history import history_about
from delivery.domain.proxy_line import line_of
from delivery.domain.roll_back import (
    BOTH_SIDES,
    explain_rollback,
    resume_proxy,
    resume_reason,
    running_for,
    start_rollback,
    tick_step,
)
from delivery.found import find_rollback
from delivery.models import Decommission, Rollback, RollbackStep
from delivery.ramp_state import shares_of
from delivery.rollback_forms import OrderForm
from delivery.rollback_state import clock_of
from delivery.traffic_forms import ReasonForm
from delivery.views.page_context import unfinished_job
from engagements.found import find_engagement
from engagements.records import told_events
from engagements.views.page_context import page_context

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from core.models import AuditEvent
    from engagements.models import Engagement


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def rollback_start(request: HttpRequest, code: str) -> HttpResponse:
    """One press starts it; where the proof of who presses is old, it leads there and back. Nothing else is typed."""
    engagement, reader = find_engagement(request, code), reader_of(request)
    require(reader, Permission.ORDER_ROLLBACK, engagement.organization)
    form = OrderForm(request.POST if request.method == "POST" else None, initial=typed_before(request))
    if form.is_bound:
        if asks_for_proof(request) or _lacks_proof(request, engagement, is_drill=form.is_drill):
            return ask_for_proof(request, form, page=f"{request.path}#start")
        proved = last_authentication(request)
        rollback = start_rollback(engagement, is_drill=form.is_drill, authenticated_at=proved, actor=reader)
        return redirect("parallel:rollback", code, rollback.number)
    gone = Decommission.objects.visible_to(reader).filter(cutover__engagement=engagement).first()
    context = page_context(
        engagement,
        line=line_of(engagement),
        gone=gone,
        form=form,
        is_fresh=is_freshly_authenticated(request),
        lacks_proof=_lacks_proof(request, engagement, is_drill=False),
    )
    return render(request, "delivery/rollback_start.html", context)


def _lacks_proof(request: HttpRequest, engagement: Engagement, *, is_drill: bool) -> bool:
    """Whether a press would begin something that the proof of who they are is too old for."""
    return not is_freshly_authenticated(request) and running_for(engagement, is_drill=is_drill) is None


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def rollback(request: HttpRequest, code: str, number: int) -> HttpResponse:
    engagement = find_engagement(request, code)
    found = find_rollback(request, engagement, number)
    typed, before = request.POST if request.method == "POST" else None, typed_before(request)
    form = ReasonForm(typed, about="What led to it, and what was seen", initial=before)
    if form.is_bound:
        _require_side(request, engagement)
    if form.is_valid():
        with refusals_into(form):
            explain_rollback(found, actor=reader_of(request), **form.cleaned_data)
            return redirect("parallel:rollback", code, number)
    context = _context(request, found, form=form, history=history_about(found), resumed=_resumed(request, found))
    return render(request, "delivery/rollback.html", context, status=status_of(form))


def _resumed(request: HttpRequest, found: Rollback) -> AuditEvent | None:
    """The last time that the proxy went on with its shares after it."""
    about = {"subject_type": Rollback._meta.label, "subject_id": str(found.pk)}
    return told_events(reader_of(request), found.engagement).filter(action="rollback.resumed", **about).last()


def _require_side(request: HttpRequest, engagement: Engagement) -> None:
    if not allowed_any(reader_of(request), BOTH_SIDES, engagement.organization):
        require(reader_of(request), Permission.ORDER_ROLLBACK, engagement.organization)


@require_safe
@login_required
def rollback_progress(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The region that is asked for again and again while the clock runs."""
    found = find_rollback(request, find_engagement(request, code), number)
    return render(request, "delivery/parts/rollback.html", _context(request, found))


def _context(request: HttpRequest, found: Rollback, **more: object) -> dict[str, object]:
    reader, organization = reader_of(request), found.engagement.organization
    return page_context(
        found.engagement,
        rollback=found,
        clock=clock_of(found),
        steps=found.steps.select_related("done_by"),
        may_tick=allowed_any(reader, BOTH_SIDES, organization),
        may_order=bool(allowed(reader, Permission.ORDER_ROLLBACK, organization)),
        is_fresh=is_freshly_authenticated(request),
        resuming=unfinished_job(found, "resume_proxy"),
        shares=shares_of(found.engagement),
        resume_reason=resume_reason(found) if found.ended_at else "",
        **more,
    )


@require_POST
@login_required
def rollback_tick(request: HttpRequest, code: str, number: int, position: int) -> HttpResponse:
    found = find_rollback(request, find_engagement(request, code), number)
    visible = RollbackStep.objects.visible_to(reader_of(request)).select_related("rollback")
    tick_step(get_object_or_404(visible, rollback=found, position=position), actor=reader_of(request))
    return redirect("parallel:rollback", code, number)


@require_POST
@login_required
def rollback_resume(request: HttpRequest, code: str, number: int) -> HttpResponse:
    found = find_rollback(request, find_engagement(request, code), number)
    require(reader_of(request), Permission.ORDER_ROLLBACK, found.engagement.organization)
    if not is_freshly_authenticated(request):
        return lead_to_proof(request, f"{reverse('parallel:rollback', args=[code, number])}#resume")
    resume_proxy(found, authenticated_at=last_authentication(request), actor=reader_of(request))
    messages.success(request, "The proxy is being told to resume.")
    return redirect("parallel:rollback", code, number)
