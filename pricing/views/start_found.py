"""What the pages of a request from the website share: its link, its steps, and how often one may ask."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.middleware import client_address
from core.components import Status, StatusKind, Task
from core.throttles import refuse_haste
from pricing.domain.keep_intake import find_intake
from pricing.openings import practice_zone
from pricing.start_forms import ZoneForm
from pricing.start_steps import STEPS, TITLES, Reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


def of_visitor(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of the request behind a link, `(request, intake, token)`; where the link opens nothing, a page says why.

    Everything it says, its mail as well, is told in the zone that the visitor chose.
    """

    @wraps(view)
    def viewed(request: HttpRequest, token: str, **keywords: str) -> HttpResponse:
        intake = find_intake(token)
        if intake is None:
            return _closed(request, is_known=False)
        with timezone.override(zone_said(Reading(intake))):
            return _closed(request, is_known=True) if intake.is_closed else view(request, intake, token, **keywords)

    return viewed


def _closed(request: HttpRequest, *, is_known: bool) -> HttpResponse:
    return render(request, "pricing/start/closed.html", {"is_known": is_known}, status=410 if is_known else 404)


def haste(request: HttpRequest, scope: str) -> None:
    refuse_haste(scope, client_address(request) or "nowhere")


def place_of(step: str) -> dict[str, Any]:
    """Where a page stands among the steps; the check is the last one."""
    number = STEPS.index(step) + 1 if step in STEPS else len(STEPS) + 1
    return {
        "step": step,
        "title": TITLES.get(step, "Check your answers"),
        "number": number,
        "total": len(STEPS) + 1,
        "steps_text": f"Step {number} of {len(STEPS) + 1}",
        "previous": STEPS[number - 2] if number > 1 else "",
    }


def steps_beside(reading: Reading, token: str, here: str) -> dict[str, Any]:
    """The steps with what is answered, and whom the link can be mailed to."""
    rows = [
        Task(f"{number}. {TITLES[step]}", _status(reading, step, here), url=reverse("start:step", args=[token, step]))
        for number, step in enumerate(STEPS, start=1)
    ]
    email = reading.about.get("contact_email", "")
    return {"token": token, "rows": rows, "email": email, "until": reading.intake.expires_at}


def zone_said(reading: Reading) -> ZoneInfo:
    """The zone of the first step; the practice's own while nobody has said one."""
    form = ZoneForm({"zone": reading.about.get("time_zone", "")})
    return ZoneInfo(form.cleaned_data["zone"]) if form.is_valid() else practice_zone()


def _status(reading: Reading, step: str, here: str) -> Status:
    if step == here:
        return Status(StatusKind.IN_PROGRESS, "You are here")
    return Status(StatusKind.COMPLETED, "Answered") if reading.is_done(step) else Status(StatusKind.NOT_STARTED)
