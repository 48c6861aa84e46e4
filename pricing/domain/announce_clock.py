"""Mail about the promise to answer. Nobody can switch it off: a missed promise is the practice's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from core import outbox
from core.wording import moment_text, span_text
from pricing.in_force import house_zone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from core.components import ClockReading
    from pricing.models import Request


def announce_low(request: Request, reading: ClockReading, people: Iterable[User], *, hours: int) -> None:
    """`hours` names the warning; what is left exactly stands in the text."""
    _tell(people, "clock_low", request, reading, hours=hours, left=span_text(reading.left))


def announce_late(request: Request, reading: ClockReading, people: Iterable[User]) -> None:
    _tell(people, "clock_late", request, reading)


def announce_reassignment(request: Request, reading: ClockReading | None, people: Iterable[User], **facts: Any) -> None:
    _tell(people, "request_reassigned", request, reading, **facts)


def _tell(people: Iterable[User], template: str, request: Request, reading: ClockReading | None, **facts: Any) -> None:
    due = moment_text(reading.due_at, house_zone()) if reading and reading.due_at else ""
    shared = {
        "request": request,
        "organization": request.engagement.organization,
        "due": due,
        "is_answered": request.answered_at is not None,
        "url": settings.PORTAL_URL + reverse("pricing:request", args=[request.engagement.code]),
        "why": "A request of the practice has an owner and a lead; both are told when its clock runs low.",
    }
    for person in people:
        subject, text, html = outbox.render_mail(template, {"person": person, **shared, **facts})
        outbox.post(template, to=person, subject=subject, text=text, html=html, reference=request)
