"""What came from the website with a request: the call, what was sent, and what it says otherwise than is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accounts.models import Organization
from pricing.calculation.facts import points_from
from pricing.content import sized_on
from pricing.models import Call, Intake
from pricing.start_steps import Reading

if TYPE_CHECKING:
    from accounts.models import User
    from pricing.models import Request


@dataclass(frozen=True, slots=True)
class SentRow:
    """One time the request was sent. `differs` are the data points that it says otherwise, in words."""

    intake: Intake
    note: str
    differs: list[dict[str, str]]


def website_beside(request: Request, reader: User) -> dict[str, Any]:
    """For the page of the request; `intakes` is empty where nothing came from the website."""
    sent = Intake.objects.visible_to(reader).filter(request=request).order_by("sent_at")
    rows = [_row(intake, request) for intake in sent]
    own = request.engagement.organization_id
    names = {row.intake.company.lower() for row in rows}
    named = Organization.objects.visible_to(reader).customers().exclude(pk=own).order_by("pk") if names else []
    return {
        "intakes": rows,
        "namesakes": [one for one in named if one.name.lower() in names],
        "call": Call.objects.visible_to(reader).booked().filter(request=request).select_related("person").first(),
    }


def _row(intake: Intake, request: Request) -> SentRow:
    reading = Reading(intake)
    points = points_from(intake.claim["points"]) if intake.claim else reading.points
    said = sized_on(points) if reading.forms else []
    recorded = sized_on(request.points)
    return SentRow(intake, reading.note, [line for line, known in zip(said, recorded, strict=False) if line != known])
