"""The gates of running engagements, as a calendar follows them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.urls import reverse

from accounts.calendar import register_dates, uid_of
from core.calendar_entry import Followed
from engagements.models import Engagement, Gate, SchedulePhase
from engagements.steps import PHASE_LABELS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from accounts.models import User


_CODE = "code"  # where that of an engagement will stand


def page_url(name: str, *arguments: object) -> str:
    """The whole address: a calendar knows no other."""
    return f"{settings.PORTAL_URL}{reverse(name, args=arguments)}"


def gate_dates(reader: User) -> Iterator[Followed]:
    """The last day of each phase that was bought: where its gate is signed, the day on which it ended.

    Of a phase a few columns are read, for whoever owns the practice follows thousands of them.
    """
    running = Engagement.objects.visible_to(reader).running()
    told = running.select_related("organization").only(
        "code", "title", "phase", "created_at", "is_plan_only", "organization__name"
    )
    engagements = {engagement.pk: engagement for engagement in told}
    state = Gate.objects.filter(engagement=OuterRef("engagement"), number=OuterRef("number")).values("state")
    phases = SchedulePhase.objects.filter(engagement__in=running).annotate(gate_state=Subquery(state))
    addresses = _addresses()
    columns = ("engagement", "number", "gate_state", "planned_end", "actual_end")
    for pk, number, gate_state, planned_end, actual_end in phases.order_by().values_list(*columns):
        engagement = engagements.get(pk)
        if engagement is not None and number <= engagement.last_phase:
            is_signed = gate_state == Gate.State.SIGNED
            day = actual_end if is_signed and actual_end else planned_end
            yield _gate(engagement, number, day, addresses[number], is_signed=is_signed)


def _addresses() -> dict[int, tuple[str, str]]:
    """Of each gate what stands before the code and behind it: Django takes longer to make one than for the entry."""
    made = {number: page_url("engagements:gate", _CODE, number).rsplit(_CODE, 1) for number in PHASE_LABELS}
    return {number: (before, after) for number, (before, after) in made.items()}


def _gate(engagement: Engagement, number: int, day: date, address: tuple[str, str], *, is_signed: bool) -> Followed:
    return Followed(
        uid=uid_of("gate", f"{engagement.code}-{number}"),
        written_at=engagement.created_at,
        title=f"Gate {number} {'signed' if is_signed else 'planned'}: {PHASE_LABELS[number]}, {engagement}",
        url=quote(engagement.code).join(address),
        day=day,
        text=str(engagement.organization),
    )


register_dates(gate_dates)
