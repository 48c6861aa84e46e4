"""Whether the way back is armed: the last drill, how long it took, and how long it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils import timezone

from core.wording import day_text, span_text
from delivery.models import Rollback, TriggerDecision
from delivery.ramp.book import load_plan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from engagements.models import Engagement


def limit() -> timedelta:
    return timedelta(seconds=load_plan().drill_seconds)


def last_drill(engagement: Engagement) -> Rollback | None:
    return Rollback.objects.filter(engagement=engagement).drilled().first()


def drill_reasons(engagement: Engagement) -> Iterator[str]:
    """Why the way back does not count as drilled, in sentences."""
    drill, plan = last_drill(engagement), load_plan()
    if drill is None or drill.took is None or drill.ended_at is None:
        yield "The way back to Postfix has not been drilled yet."
        return
    if drill.took > limit():
        yield f"{drill} took {span_text(drill.took)}; everything has to be back within {span_text(limit())}."
    if timezone.now() - drill.ended_at > timedelta(days=plan.drill_days):
        yield f"{drill} was on {day_text(drill.ended_at.date())}; a drill counts for {plan.drill_days} days."


def decision_reasons(engagement: Engagement) -> Iterator[str]:
    decisions = TriggerDecision.objects.filter(engagement=engagement)
    for decision in decisions.filter(decided_at=None):
        yield f"{decision} waits: {decision.title}."
    real = Rollback.objects.filter(engagement=engagement, is_drill=False, started_at__gte=OuterRef("opened_at"))
    for decision in decisions.filter(~Exists(real), decision=TriggerDecision.Decision.GO_BACK):
        yield f"{decision} was to go back to Postfix, and no rollback has begun since: {decision.title}."


@dataclass(frozen=True, slots=True)
class Clock:
    """How long a rollback has run, or ran, against its limit. Counted on the server alone."""

    rollback: Rollback
    now: datetime

    @property
    def span(self) -> timedelta:
        return (self.rollback.ended_at or self.now) - self.rollback.started_at

    @property
    def text(self) -> str:
        """Minutes and seconds, as 4:38."""
        minutes, seconds = divmod(int(self.span.total_seconds()), 60)
        return f"{minutes}:{seconds:02}"

    @property
    def is_late(self) -> bool:
        return self.span > limit()

    @property
    def limit_text(self) -> str:
        minutes, seconds = divmod(load_plan().drill_seconds, 60)
        return f"{minutes}:{seconds:02}"


def clock_of(rollback: Rollback) -> Clock:
    return Clock(rollback, timezone.now())
