"""What people add to an offer beyond the rules: a tier of their choice, something off the fee."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pricing.calculation.tiers import Choice, Rejected
from pricing.calculation.totals import ZERO, Line, to_cents

if TYPE_CHECKING:
    from pricing.calculation.books import Tier

WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Reduction:
    """Off the fee: `percent` of it, or an `amount` in its currency. Exactly one is set, and above zero."""

    percent: Decimal | None = None
    amount: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.percent is None) == (self.amount is None):
            raise ValueError("A discount is a percentage or an amount")

    @property
    def words(self) -> str:
        return "Discount" if self.percent is None else f"Discount of {plain(self.percent)} %"

    def off(self, fee: Decimal) -> Decimal:
        """Cents, rounded half up once. Raises ValueError for more than the fee, or for nothing."""
        off = to_cents(self.amount or fee * (self.percent or ZERO) / WHOLE)
        if not ZERO < off <= fee:
            raise ValueError("A discount is more than nothing and not more than the fee")
        return off

    def line(self, fee: Decimal) -> Line:
        return Line(self.words, Decimal(1), -self.off(fee))


@dataclass(frozen=True, slots=True)
class Terms:
    """`tier` is the key of a tier that `chosen_by` took instead of the rules' own; empty without such a choice."""

    reduction: Reduction | None = None
    tier: str = ""
    chosen_by: str = ""


def plain(number: Decimal) -> str:
    """5, 7.5: without zeros that say nothing."""
    return f"{number.normalize():f}"


def chosen_instead(choice: Choice, tier: Tier, chosen_by: str) -> Choice:
    """A person's tier in place of the rules'. What the rules say stays to be read beside it."""
    if tier.key == choice.tier.key:
        return choice
    said = f"The rules lead here. {' '.join(choice.because)}"
    rejected = [one for one in choice.rejected if one.tier.key != tier.key] + [Rejected(choice.tier, said)]
    return Choice(
        tier=tier,
        because=(f"Tier chosen by {chosen_by}; the rules lead to {choice.tier.label}.",),
        rejected=tuple(sorted(rejected, key=lambda one: one.tier.fee)),
        is_provisional=choice.is_provisional,
    )
