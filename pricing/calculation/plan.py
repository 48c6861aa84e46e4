"""The default plan of a tier in weeks, and in dates from a first Monday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pricing.calculation.books import Tier

PARALLEL, MONITORING = 3, 5
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PhaseDates:
    """One phase; `end` is its last day, a Sunday, or of phase 5 the last day of what the tier promises."""

    number: int
    start: date
    end: date
    minimum_weeks: int


def first_monday(day: date) -> date:
    """The Monday after a day: nobody is asked to begin on the day of the signature."""
    return day + timedelta(days=7 - day.weekday())


def plan_of(tier: Tier, start: date) -> tuple[PhaseDates, ...]:
    """The phases of a tier from the start of its first week. Phases share a week where one hands over to the next.

    The weeks are those of the work: phase 5 goes on until the days of the watch and of the way back are over.
    """
    return tuple(
        PhaseDates(
            number=number,
            start=start + (first - 1) * WEEK,
            end=max(start + last * WEEK - DAY, _end_of_promises(tier, start) if number == MONITORING else date.min),
            minimum_weeks=tier.minimum_parallel_weeks if number == PARALLEL else 0,
        )
        for number, (first, last) in sorted(tier.plan.items())
    )


def _end_of_promises(tier: Tier, start: date) -> date:
    """The window to go back is counted from 100 %, the day after parallel delivery; the watch from its first day."""
    full = start + tier.plan[PARALLEL][1] * WEEK
    watch = start + (tier.plan[MONITORING][0] - 1) * WEEK
    return max(full + tier.rollback_days * DAY, watch + (tier.monitoring_days - 1) * DAY)
