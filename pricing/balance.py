"""What is left of the calls and hours that the fee of a plan alone includes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pricing.calculation.books import book_on
from pricing.models import BalanceEntry, Quote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engagements.models import Engagement

MINUTES = 60
# The limit of a tier that grants each kind, and how many units of the kind one of it is.
GRANTS = {
    BalanceEntry.Kind.CALL: ("readout_calls", 1),
    BalanceEntry.Kind.QUESTIONS: ("question_hours", MINUTES),
}
TRAINING = "training_hours"


@dataclass(frozen=True, slots=True)
class Balance:
    """Calls, or minutes of questions."""

    kind: BalanceEntry.Kind
    granted: int
    left: int

    @property
    def words(self) -> str:
        return f"{amount_of(self.kind, self.left)} left of {amount_of(self.kind, self.granted)}"


def amount_of(kind: str, units: int) -> str:
    """2 calls; 3 h 30 min."""
    if kind == BalanceEntry.Kind.CALL:
        return f"{units} call{'' if units == 1 else 's'}"
    return duration_text(units)


def duration_text(units: int) -> str:
    """3 h 30 min; 45 min."""
    hours, minutes = divmod(units, MINUTES)
    if not minutes:
        return f"{hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def balances_of(engagement: Engagement) -> list[Balance]:
    """One for each kind that the quote in force grants; none where the fee includes no such thing."""
    limits = _limits_of(engagement)
    granted = {kind: limits[key] * units for kind, (key, units) in GRANTS.items() if key in limits}
    used = dict.fromkeys(granted, 0)
    for entry in BalanceEntry.objects.filter(engagement=engagement, is_on_us=False, kind__in=granted):
        used[BalanceEntry.Kind(entry.kind)] += entry.units
    return [Balance(kind, units, units - used[kind]) for kind, units in granted.items()]


def training_minutes_of(engagement: Engagement) -> int | None:
    """The minutes of training that the quote in force includes; None where its tier names none."""
    hours = _limits_of(engagement).get(TRAINING)
    return None if hours is None else hours * MINUTES


def _limits_of(engagement: Engagement) -> Mapping[str, int]:
    """What the tier of the quote in force names, as the book stood when it was made; nothing without a quote."""
    quote = Quote.objects.filter(engagement=engagement).agreed().first()
    return book_on(date.fromisoformat(quote.snapshot["book_day"])).tier(quote.tier_key).limits if quote else {}
