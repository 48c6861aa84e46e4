"""What a licence may cost a year. Published sources disagree, so the answer is a range with everybody's figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from pricing.calculation.books import LicenceRow


@dataclass(frozen=True, slots=True)
class LicenceEstimate:
    """The first row of the book that fits is ours; `others` are sources that say something else."""

    vendor: str
    low: Decimal
    high: Decimal
    and_more: bool
    source: str
    note: str
    others: tuple[LicenceRow, ...]

    def over(self, years: int) -> tuple[Decimal, Decimal]:
        """The range over several years: computed, never typed."""
        return self.low * years, self.high * years


def estimate_licence(vendor: str, month: int | None, rows: Iterable[LicenceRow]) -> LicenceEstimate | None:
    """The estimate for a monthly volume; None while the volume is unknown or nobody has published a figure."""
    if month is None:
        return None
    fitting = [row for row in rows if row.vendor == vendor and _covers(row, month)]
    if not fitting:
        return None
    first, *rest = fitting
    others = tuple(row for row in rest if _figures(row) != _figures(first))
    return LicenceEstimate(vendor, first.low, first.high, first.and_more, first.source, first.note, others)


def _figures(row: LicenceRow) -> tuple[Decimal, Decimal, bool]:
    return row.low, row.high, row.and_more


def _covers(row: LicenceRow, month: int) -> bool:
    return month > row.above and (row.up_to is None or month <= row.up_to)
