"""The cutover: run-sheet, what the portal sees by itself, the window in which one can go back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Permission, allowed, is_staff, require
from accounts.reader import reader_of
from core.forms import number_in, refusals_into, status_of
from delivery.cutover_forms import CutoverForm, DecommissionForm, QueueForm
from delivery.cutover_state import NOTHING_READ, drift_of, finish_reasons, frozen_of, hosts_now
from delivery.domain.close_window import decommission, decommission_reasons, sign_early_closing
from delivery.domain.run_cutover import complete_step, finish_cutover, freeze_configuration, note_queue, plan_cutover
from delivery.found import find_cutover
from delivery.models import Cutover, CutoverStep, Decommission, Ramp
from delivery.ramp.sheet import leftovers
from delivery.run_sheet import sheet_rows
from delivery.staying_streams import staying_streams
from delivery.traffic_forms import ReasonForm
from delivery.views.page_context import parallel_context
from discovery.found import find_estate
from engagements.schedule import CUTOVER

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


SHOWN = 14
RECORDED = "Recorded. Postfix may be taken down."
RECORDED_OF_SOME = "Recorded. Postfix goes on for the mail that stays with it."


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def cutovers(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    is_sent = request.method == "POST"
    if is_sent:
        require(reader_of(request), Permission.WORK_TASK, engagement.organization)
    ramps = list(Ramp.objects.visible_to(reader_of(request)).filter(engagement=engagement).select_related("stream"))
    form = CutoverForm(request.POST if is_sent else None, ramps=ramps)
    if is_sent and form.is_valid():
        sent = form.cleaned_data
        ramp = next(ramp for ramp in ramps if str(ramp.pk) == sent["ramp"])
        with refusals_into(form):
            cutover = plan_cutover(
                ramp, planned_for=sent["planned_for"], on_call=sent["on_call"], actor=reader_of(request)
            )
            return redirect("parallel:cutover", code, cutover.number)
    found = Cutover.objects.visible_to(reader_of(request)).filter(engagement=engagement).select_related("ramp__stream")
    context = parallel_context(request, engagement, cutovers=found, form=form, ramps=ramps)
    return render(request, "delivery/cutovers.html", context, status=status_of(form))


@require_safe
@login_required
def cutover(request: HttpRequest, code: str, number: int) -> HttpResponse:
    found = find_cutover(request, code, number)
    decommissions = Decommission.objects.visible_to(reader_of(request))
    context = parallel_context(
        request,
        found.engagement,
        cutover=found,
        drift=drift_of(found),
        counts=found.queue_counts.select_related("counted_by"),
        armed=found.armed_checks.all()[:SHOWN],
        signatures=found.signatures.select_related("signed_by"),
        queue_form=QueueForm(),
        closing_form=ReasonForm(about="Why the way back is given up early"),
        days_left=_days_left(found),
        is_over=_is_over(found),
        decommission_reasons=decommission_reasons(found),
        decommissioned=decommissions.filter(cutover=found).first(),
        may_close=_may_close(request, found),
        **_sheet(request, found),
    )
    return render(request, "delivery/cutover.html", context)


def _sheet(request: HttpRequest, cutover: Cutover) -> dict[str, object]:
    """The steps, and why what stands beside them cannot be done yet."""
    rows, frozen = sheet_rows(cutover, reader_of(request)), frozen_of(cutover)
    undone = sum(row.step.done_at is None for row in rows)
    return {
        "rows": rows,
        "undone": undone,
        "unfinished": [] if undone or cutover.done_at else finish_reasons(cutover),
        "frozen": frozen,
        "unreadable": "" if frozen or hosts_now(cutover) else NOTHING_READ,
    }


def _days_left(cutover: Cutover) -> int | None:
    """Whole days until the window ends; None before it begins, and after it ended or was given up."""
    if cutover.window_ends is None or cutover.fallen_back_at or cutover.closed_at or _is_over(cutover):
        return None
    return (cutover.window_ends - timezone.now()).days


def _is_over(cutover: Cutover) -> bool:
    return cutover.window_ends is not None and cutover.window_ends <= timezone.now()


def _may_close(request: HttpRequest, cutover: Cutover) -> bool:
    """Whoever speaks for a side that has not signed yet."""
    reader, organization = reader_of(request), cutover.engagement.organization
    if cutover.signatures.filter(party="consultancy" if is_staff(reader) else "customer").exists():
        return False
    signs = allowed(reader, Permission.SIGN, organization, phase=CUTOVER)
    return bool(signs or allowed(reader, Permission.CLOSE, organization))


@require_POST
@login_required
def cutover_step(request: HttpRequest, code: str, number: int, position: int) -> HttpResponse:
    found = find_cutover(request, code, number)
    visible = CutoverStep.objects.visible_to(reader_of(request)).select_related("cutover")
    step = get_object_or_404(visible, cutover=found, position=position)
    complete_step(step, evidence=request.POST.get("evidence", ""), actor=reader_of(request))
    messages.success(request, f"Noted: {step}.")
    return redirect(reverse("parallel:cutover", args=[code, number]) + "#steps")


@require_POST
@login_required
def cutover_freeze(request: HttpRequest, code: str, number: int) -> HttpResponse:
    freeze_configuration(find_cutover(request, code, number), actor=reader_of(request))
    messages.success(request, "The configuration is frozen. Later uploads are compared with it.")
    return redirect("parallel:cutover", code, number)


@require_POST
@login_required
def cutover_count(request: HttpRequest, code: str, number: int) -> HttpResponse:
    found = find_cutover(request, code, number)
    typed = request.POST.get("count", "")
    count = number_in(typed) if typed.strip() == "0" or number_in(typed) else -1
    note_queue(found, side=request.POST.get("side", ""), count=count, actor=reader_of(request))
    return redirect("parallel:cutover", code, number)


@require_POST
@login_required
def cutover_finish(request: HttpRequest, code: str, number: int) -> HttpResponse:
    finish_cutover(find_cutover(request, code, number), actor=reader_of(request))
    messages.success(request, "The cutover is done. From now on the window runs in which one can go back.")
    return redirect("parallel:cutover", code, number)


@require_POST
@login_required
def cutover_sign(request: HttpRequest, code: str, number: int) -> HttpResponse:
    found = find_cutover(request, code, number)
    sign_early_closing(found, reason=request.POST.get("reason", ""), actor=reader_of(request))
    return redirect("parallel:cutover", code, number)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def cutover_decommission(request: HttpRequest, code: str, number: int) -> HttpResponse:
    found = find_cutover(request, code, number)
    require(reader_of(request), Permission.WORK_TASK, found.engagement.organization)
    staying = staying_streams(found.engagement, reader_of(request))
    form = DecommissionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_into(form):
            decommission(found, answers=form.answers(), actor=reader_of(request))
            messages.success(request, RECORDED_OF_SOME if staying else RECORDED)
            return redirect("parallel:cutover", code, number)
    reasons = decommission_reasons(found)
    context = parallel_context(
        request, found.engagement, cutover=found, form=form, reasons=reasons, leftovers=leftovers(), staying=staying
    )
    return render(request, "delivery/decommission.html", context, status=status_of(form))
