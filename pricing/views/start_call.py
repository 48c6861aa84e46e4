"""The time of a call: chosen while the request is typed, moved or called off after it was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core.forms import refusals_into, status_of
from core.wording import moment_text
from pricing.domain.book_call import book_call, cancel_call
from pricing.domain.keep_intake import keep_step
from pricing.intake_book import intake_book
from pricing.openings import free_times
from pricing.start_forms import CallForm, ZoneForm, moment_in
from pricing.start_steps import CALL, Reading, words_of
from pricing.views.start_found import haste, of_visitor, place_of, steps_beside, zone_said

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from pricing.models import Call, Intake


def call_step(request: HttpRequest, intake: Intake, token: str) -> HttpResponse:
    """Free times in the visitor's zone. Before the request is sent the choice is kept; afterwards it books."""
    if not intake.opens_request(token):
        return redirect("start:request", token)
    zone = _zone(request, intake)
    with timezone.override(zone):  # also one that is tried out on this page alone
        return _call_step(request, intake, token, zone)


def _call_step(request: HttpRequest, intake: Intake, token: str, zone: ZoneInfo) -> HttpResponse:
    call = intake.request.calls.booked().select_related("person").first() if intake.request else None
    times = free_times(without=call)
    form, later = _form(request, intake, call, times, zone)
    if request.method == "POST":
        with refusals_into(form):
            haste(request, "start_step")
            if not intake.is_sent:
                intake = keep_step(token, step=CALL, typed=words_of(CALL, request.POST.dict()))
            if form.is_valid():
                return _chosen(intake, token, form, zone)
    context = {
        "form": form,
        "zone_form": ZoneForm(initial={"zone": zone.key}),
        "zone": zone.key,
        "later": later.isoformat() if later else "",
        "has_times": bool(times),
        "call": call,
        "is_sent": intake.is_sent,
        **place_of(CALL),
        **steps_beside(Reading(intake), token, CALL),
    }
    status = status_of(form) if request.method == "POST" else 200
    return render(request, "pricing/start/call.html", context, status=status)


def _zone(request: HttpRequest, intake: Intake) -> ZoneInfo:
    """What the page is asked to show, or what was chosen in the first step."""
    for name in (request.GET.get("zone", ""), request.POST.get("zone", "")):
        form = ZoneForm({"zone": name})
        if form.is_valid():
            return ZoneInfo(form.cleaned_data["zone"])
    return zone_said(Reading(intake))


def _form(
    request: HttpRequest, intake: Intake, call: Call | None, times: list[datetime], zone: ZoneInfo
) -> tuple[CallForm, datetime | None]:
    """The form with the times of this page, and after which moment there are later ones.

    What is chosen already stays among them, and what is sent is looked for among all that are free.
    """
    after, most = moment_in(request.GET.get("after", "")), intake_book().calls_shown
    ahead = [moment for moment in times if after is None or moment > after]
    sent = words_of(CALL, request.POST.dict()) if request.method == "POST" else None
    kept = call.starts_at if call else Reading(intake).wished
    chosen = {kept, moment_in(sent.get("time", "")) if sent else None} & set(times)
    shown = sorted({*ahead[:most], *(moment for moment in chosen if moment)})
    offered = [(moment.isoformat(), moment_text(moment, zone)) for moment in shown]
    typed = sent if sent is not None or intake.is_sent else intake.step(CALL)
    initial = {"time": call.starts_at.isoformat(), "telephone": call.telephone} if call else None
    form = CallForm(typed, offered=offered, initial=initial, may_decline=not intake.is_sent)
    return form, ahead[most - 1] if len(ahead) > most else None


def _chosen(intake: Intake, token: str, form: CallForm, zone: ZoneInfo) -> HttpResponse:
    if intake.request is None:
        return redirect("start:check", token)
    if form.wished:
        book_call(intake.request, starts_at=form.wished, time_zone=zone.key, telephone=form.cleaned_data["telephone"])
    return redirect("start:request", token)


@never_cache
@require_POST
@of_visitor
def cancel(request: HttpRequest, intake: Intake, token: str) -> HttpResponse:
    """Call it off: the request stays, and another time can be chosen."""
    haste(request, "start_step")
    if intake.request and intake.opens_request(token) and (call := cancel_call(intake.request)):
        messages.success(request, f"The call with {call.person} is cancelled. Your request stays as it is.")
    return redirect("start:request", token)
