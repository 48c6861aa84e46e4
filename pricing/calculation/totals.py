"""Sums of a quote: each line is rounded once, then the rounded lines are added once.

A quote stores the key of the calculation it was made with. A calculation that was used is never edited: add another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Line:
    description: str
    quantity: Decimal
    unit_price: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """`amounts` stand in the order of the lines; `total` is exactly their sum."""

    amounts: tuple[Decimal, ...]
    total: Decimal


def to_cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def total_2026(lines: Sequence[Line]) -> Totals:
    """Lines are rounded half up to cents, then added. Fees are net: no tax is computed."""
    amounts = tuple(to_cents(line.quantity * line.unit_price) for line in lines)
    return Totals(amounts=amounts, total=sum(amounts, start=ZERO))


Calculation = Callable[[Sequence[Line]], Totals]

CALCULATIONS: dict[str, Calculation] = {"2026": total_2026}
CURRENT_CALCULATION = "2026"


def refund_if_stay(fee: Decimal, discovery_fee: Decimal) -> Decimal:
    """The unused execution budget when discovery ends in the advice to stay; nothing for a plan-only fee."""
    return max(to_cents(fee) - to_cents(discovery_fee), ZERO)
