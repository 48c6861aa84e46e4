"""Whether the way back is armed: the last drill, how long it took, and how long it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core.wording import day_text, span_text
from delivery.models import Rollback, TriggerDecision
from delivery.ramp.book import load_plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from django.db.models import QuerySet

    from delivery.models import Ramp
    from engagements.models import Engagement


def limit() -> timedelta:
    return timedelta(seconds=load_plan().drill_seconds)


def last_drill(engagement: Engagement) -> Rollback | None:
    return Rollback.objects.filter(engagement=engagement).drilled().first()


def held_by_drill(drill: Rollback | None, ramps: Iterable[Ramp]) -> Rollback | None:
    """The last drill, where nothing says that the proxy went on with its shares after it: no order, no newer share."""
    if drill is None or drill.ended_at is None or not any(ramp.share for ramp in ramps):
        return None
    if drill.resumed_at or any(ramp.share_since and ramp.share_since > drill.ended_at for ramp in ramps):
        return None
    return drill


def drill_reasons(engagement: Engagement) -> Iterator[str]:
    """Why the way back does not count as drilled, in sentences."""
    yield from reasons_of_drill(last_drill(engagement))


def reasons_of_drill(drill: Rollback | None) -> Iterator[str]:
    plan = load_plan()
    if drill is None or drill.took is None or drill.ended_at is None:
        yield "The way back to Postfix has not been drilled yet."
        return
    if drill.took > limit():
        yield f"{drill} took {span_text(drill.took)}; everything has to be back within {span_text(limit())}."
    if timezone.now() - drill.ended_at > timedelta(days=plan.drill_days):
        yield f"{drill} was on {day_text(drill.ended_at.date())}; a drill counts for {plan.drill_days} days."


def decision_reasons(engagement: Engagement) -> Iterator[str]:
    yield from words_of_decisions(open_decisions(engagement))


def open_decisions(engagement: Engagement) -> QuerySet[TriggerDecision]:
    """Those that wait, and those to go back that nobody has carried out."""
    real = Rollback.objects.filter(engagement=engagement, is_drill=False, started_at__gte=OuterRef("opened_at"))
    waits, is_undone = Q(decided_at=None), ~Exists(real) & Q(decision=TriggerDecision.Decision.GO_BACK)
    return TriggerDecision.objects.filter(waits | is_undone, engagement=engagement)


def words_of_decisions(decisions: Iterable[TriggerDecision]) -> Iterator[str]:
    for decision in sorted(decisions, key=lambda one: one.decided_at is not None):
        if decision.decided_at is None:
            yield f"{decision} waits: {decision.title}."
        else:
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
