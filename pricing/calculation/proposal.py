"""Everything the data points lead to, worked out at once: what the page shows while sales types."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pricing.calculation.diagnosis import Diagnosis, diagnose
from pricing.calculation.licences import LicenceEstimate, estimate_licence
from pricing.calculation.sanity import doubts
from pricing.calculation.terms import Terms, chosen_instead
from pricing.calculation.tiers import Choice, choose_tier
from pricing.calculation.totals import CALCULATIONS, CURRENT_CALCULATION, ZERO, Line, Totals, refund_if_stay

if TYPE_CHECKING:
    from pricing.calculation.books import Book
    from pricing.calculation.facts import DataPoints

PLAN_ONLY = "discovery"
LICENSED = "powermta"
NO_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A verdict, a tier and its sums for one set of data points. `refund` is due if discovery advises to stay.

    `by_rule` is the tier the rules lead to; `choice` differs from it where a person chose another. `off` is what a
    discount takes off the fee.
    """

    points: DataPoints
    diagnosis: Diagnosis
    by_rule: Choice
    choice: Choice
    off: Decimal
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


def work_out(points: DataPoints, book: Book, terms: Terms = NO_TERMS) -> Proposal:
    """Never raises for any set of data points, however incomplete or odd.

    Raises KeyError for a tier of the terms that is not on offer, ValueError for a discount above the fee.
    """
    diagnosis = diagnose(points, book.thresholds)
    by_rule = choose_tier(points, diagnosis, book)
    choice = chosen_instead(by_rule, book.tier(terms.tier), terms.chosen_by) if terms.tier else by_rule
    fee = choice.tier.fee
    reductions = (terms.reduction.line(fee),) if terms.reduction else ()
    lines = (Line(f"{choice.tier.label}: {choice.tier.scope}", Decimal(1), fee), *reductions)
    totals = CALCULATIONS[CURRENT_CALCULATION](lines)
    return Proposal(
        points=points,
        diagnosis=diagnosis,
        by_rule=by_rule,
        choice=choice,
        off=terms.reduction.off(fee) if terms.reduction else ZERO,
        doubts=doubts(points, book.thresholds),
        licence=estimate_licence(LICENSED, points.month, book.licences),
        lines=lines,
        totals=totals,
        refund=refund_if_stay(totals.total, book.tier(PLAN_ONLY).fee),
        calculation=CURRENT_CALCULATION,
    )
