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
    """The first row of the book that fits is ours; `others` are sources that say something else.

    `high` is None where a source gives no upper end.
    """

    vendor: str
    low: Decimal
    high: Decimal | None
    source: str
    note: str
    others: tuple[LicenceRow, ...]

    def over(self, years: int) -> tuple[Decimal, Decimal | None]:
        """The range over several years: computed, never typed."""
        return self.low * years, None if self.high is None else self.high * years


def estimate_licence(vendor: str, month: int | None, rows: Iterable[LicenceRow]) -> LicenceEstimate | None:
    """The estimate for a monthly volume; None while the volume is unknown or nobody has published a figure."""
    if month is None:
        return None
    fitting = [row for row in rows if row.vendor == vendor and _covers(row, month)]
    if not fitting:
        return None
    first, *rest = fitting
    others = tuple(row for row in rest if (row.low, row.high) != (first.low, first.high))
    return LicenceEstimate(vendor, first.low, first.high, first.source, first.note, others)


def _covers(row: LicenceRow, month: int) -> bool:
    return month > row.above and (row.up_to is None or month <= row.up_to)
