"""The default plan of a tier in weeks, and in dates from a first Monday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pricing.calculation.books import Tier

PARALLEL = 3
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class PhaseDates:
    """One phase; `end` is its last day, a Sunday."""

    number: int
    start: date
    end: date
    minimum_weeks: int


def first_monday(day: date) -> date:
    """The Monday after a day: nobody is asked to begin on the day of the signature."""
    return day + timedelta(days=7 - day.weekday())


def plan_of(tier: Tier, start: date) -> tuple[PhaseDates, ...]:
    """The phases of a tier from the start of its first week. Phases share a week where one hands over to the next."""
    return tuple(
        PhaseDates(
            number=number,
            start=start + (first - 1) * WEEK,
            end=start + last * WEEK - timedelta(days=1),
            minimum_weeks=tier.minimum_parallel_weeks if number == PARALLEL else 0,
        )
        for number, (first, last) in sorted(tier.plan.items())
    )
