"""How much of a fee somebody may take off alone."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pricing.calculation.totals import ZERO

WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Authority:
    """`amount` is in the currency of the fees; None sets no limit. `percent` of the fee limits it as well."""

    amount: Decimal | None
    percent: Decimal

    def covers(self, off: Decimal, fee: Decimal) -> bool:
        """By exact products: nothing is rounded."""
        return (self.amount is None or off <= self.amount) and off * WHOLE <= self.percent * fee


NONE = Authority(amount=None, percent=ZERO)
