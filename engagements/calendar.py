"""The gates of running engagements, as a calendar follows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.urls import reverse

from accounts.calendar import register_dates, uid_of
from core.calendar_entry import Followed
from engagements.models import Engagement, Gate, SchedulePhase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User


def page_url(name: str, *arguments: object) -> str:
    """The whole address: a calendar knows no other."""
    return f"{settings.PORTAL_URL}{reverse(name, args=arguments)}"


def gate_dates(reader: User) -> Iterator[Followed]:
    """The last day of each phase that was bought: where its gate is signed, the day on which it ended."""
    running = Engagement.objects.visible_to(reader).running()
    state = Gate.objects.filter(engagement=OuterRef("engagement"), number=OuterRef("number")).values("state")
    phases = SchedulePhase.objects.filter(engagement__in=running).annotate(gate_state=Subquery(state))
    for phase in phases.select_related("engagement__organization").order_by("engagement", "number"):
        engagement = phase.engagement
        if phase.number > engagement.last_phase:
            continue
        is_signed = phase.gate_state == Gate.State.SIGNED
        day = phase.actual_end if is_signed and phase.actual_end else phase.planned_end
        yield Followed(
            uid=uid_of("gate", f"{engagement.code}-{phase.number}"),
            written_at=engagement.created_at,
            title=f"Gate {phase.number} {'signed' if is_signed else 'planned'}: {phase.label}, {engagement}",
            url=page_url("engagements:gate", engagement.code, phase.number),
            day=day,
            text=str(engagement.organization),
        )


register_dates(gate_dates)
