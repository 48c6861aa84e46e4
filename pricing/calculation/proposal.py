"""Everything the data points lead to, worked out at once: what the page shows while sales types."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pricing.calculation.diagnosis import Diagnosis, diagnose
from pricing.calculation.licences import LicenceEstimate, estimate_licence
from pricing.calculation.sanity import doubts
from pricing.calculation.tiers import Choice, choose_tier
from pricing.calculation.totals import CALCULATIONS, CURRENT_CALCULATION, Line, Totals, refund_if_stay

if TYPE_CHECKING:
    from pricing.calculation.books import Book
    from pricing.calculation.facts import DataPoints

PLAN_ONLY = "discovery"
LICENSED = "powermta"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A verdict, a tier and its sums for one set of data points. `refund` is due if discovery advises to stay."""

    points: DataPoints
    diagnosis: Diagnosis
    choice: Choice
    doubts: tuple[str, ...]
    licence: LicenceEstimate | None
    lines: tuple[Line, ...]
    totals: Totals
    refund: Decimal
    calculation: str

    @property
    def says_something(self) -> bool:
        """Whether any number speaks for the verdict or the tier; before that neither is worth showing."""
        is_open = self.diagnosis.is_provisional and self.choice.is_provisional
        return self.diagnosis.lit > 0 or not is_open


def work_out(points: DataPoints, book: Book) -> Proposal:
    """Never raises for any set of data points, however incomplete or odd."""
    diagnosis = diagnose(points, book.thresholds)
    choice = choose_tier(points, diagnosis, book)
    lines = (Line(f"{choice.tier.label}: {choice.tier.scope}", Decimal(1), choice.tier.fee),)
    totals = CALCULATIONS[CURRENT_CALCULATION](lines)
    return Proposal(
        points=points,
        diagnosis=diagnosis,
        choice=choice,
        doubts=doubts(points, book.thresholds),
        licence=estimate_licence(LICENSED, points.month, book.licences),
        lines=lines,
        totals=totals,
        refund=refund_if_stay(totals.total, book.tier(PLAN_ONLY).fee),
        calculation=CURRENT_CALCULATION,
    )
