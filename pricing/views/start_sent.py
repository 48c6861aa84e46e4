"""What opens after a request was sent: by which link it shows what, and what its contact confirms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.throttles import refuse_haste
from pricing.calculation.facts import points_from
from pricing.clocks import clock_of
from pricing.content import sized_on
from pricing.domain.keep_intake import mail_link, note_following
from pricing.domain.send_intake import confirm_intake
from pricing.models import Request
from pricing.start_steps import ABOUT, Reading
from pricing.views.start_found import haste, of_visitor

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from pricing.models import Intake


@never_cache
@require_safe
@of_visitor
def request_page(request: HttpRequest, intake: Intake, token: str) -> HttpResponse:
    """Where the link of a mail leads: to what is open, or to what was sent and happens next."""
    if mark := request.GET.get("mailed", ""):
        note_following(intake, mark)
    reading = Reading(intake)
    if intake.request is None:
        open_steps = reading.open_steps
        return redirect("start:step", token, open_steps[0]) if open_steps else redirect("start:check", token)
    if not intake.opens_request(token):
        code = intake.request.engagement.code
        return render(request, "pricing/start/joined.html", {"intake": intake, "code": code})
    return render(request, "pricing/start/sent.html", {"token": token, **_sent(intake, intake.request, reading)})


def _sent(intake: Intake, asked: Request, reading: Reading) -> dict[str, Any]:
    clock = clock_of(Request.objects.with_clock().get(pk=asked.pk))  # visible to all: whoever has the link
    call = asked.calls.booked().select_related("person").first()
    return {
        "intake": intake,
        "asked": asked,
        "call": call,
        "wished": reading.wished,
        "is_taken": reading.wished is not None and not intake.is_claim and not asked.calls.exists(),
        "missing": asked.points.missing,
        "due_at": clock.due_at if clock else None,
        "sized": sized_on(asked.points),
        "claimed": sized_on(points_from(intake.claim["points"])) if intake.is_claim else [],
    }


@never_cache
@require_POST
@of_visitor
def confirm(request: HttpRequest, intake: Intake, token: str) -> HttpResponse:
    """The contact says that what was sent with their address is theirs."""
    haste(request, "start_step")
    if intake.is_claim and confirm_intake(token).confirmed_at:
        messages.success(request, "Confirmed: what was unknown is filled in, and the rest stays as it was.")
    return redirect("start:request", token)


@never_cache
@require_POST
@of_visitor
def link(request: HttpRequest, intake: Intake, token: str) -> HttpResponse:
    """Mail the link to the address that was typed in the first step."""
    reading = Reading(intake)
    if reading.is_done(ABOUT):
        address = reading.asked().contact.email
        haste(request, "start_step")
        refuse_haste("start_mail", address)
        mail_link(token, to=address)
        messages.success(request, f"The link is on its way to {address}.")
    return redirect("start:request", token)
