"""What staying and each target cost an engagement over the years, with the assumptions that were replaced."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.wording import amount_text
from pricing.calculation.licences import estimate_licence
from pricing.calculation.ownership import HEAD_LABELS, WAY_LABELS, Basis, Head, Way, break_even, costs_of
from pricing.calculation.proposal import work_out
from pricing.in_force import book_now
from pricing.models import CostAssumption, Quote, Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from accounts.models import User
    from engagements.models import Engagement
    from pricing.calculation.books import Assumption, Book, LicenceRow
    from pricing.calculation.ownership import Cost, Span

CURRENCY = "USD"
HEADER = ("way", "year", "cost head", "low, USD", "high, USD", "or more", "formula", "source")


@dataclass(frozen=True, slots=True)
class AssumptionRow:
    """`replaced` is None where the book's number holds."""

    known: Assumption
    replaced: CostAssumption | None

    @property
    def value(self) -> Decimal:
        return self.replaced.value if self.replaced else self.known.value

    @property
    def value_text(self) -> str:
        return f"{self.value.normalize():,f}"

    @property
    def version(self) -> int:
        return self.replaced.version if self.replaced else 0


@dataclass(frozen=True, slots=True)
class HeadLine:
    """A cost head of every way, in the order of the ways; "" where a way has no such cost."""

    label: str
    amounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Costs:
    """`costs` are the ways that can be told; without a known volume only staying can."""

    month: int | None
    years: int
    costs: tuple[Cost, ...]
    assumptions: tuple[AssumptionRow, ...]
    break_even: int | None
    others: tuple[LicenceRow, ...]

    @property
    def labels(self) -> list[str]:
        return [WAY_LABELS[cost.way] for cost in self.costs]

    @property
    def heads(self) -> list[HeadLine]:
        lines = (HeadLine(HEAD_LABELS[head], tuple(_head_text(cost, head) for cost in self.costs)) for head in Head)
        return [line for line in lines if any(line.amounts)]

    @property
    def totals(self) -> list[str]:
        return [span_text(cost.total) for cost in self.costs]

    @property
    def by_year(self) -> list[HeadLine]:
        years = range(1, self.years + 1)
        return [HeadLine(f"Year {year}", tuple(span_text(cost.of(year=year)) for cost in self.costs)) for year in years]

    @property
    def formulas(self) -> list[tuple[str, Cost]]:
        return [(WAY_LABELS[cost.way], cost) for cost in self.costs]

    def assumption(self, key: str) -> AssumptionRow | None:
        return next((row for row in self.assumptions if row.known.key == key), None)


def costs_for(engagement: Engagement, reader: User) -> Costs:
    """Three queries, whatever was replaced. The volume and the tier are those of the request and its live quote."""
    visible = CostAssumption.objects.visible_to(reader).filter(engagement=engagement)
    return costs_with(engagement, visible.select_related("changed_by"), book_now())


def costs_with(engagement: Engagement, assumptions: Iterable[CostAssumption], book: Book) -> Costs:
    """The same over assumptions and a book that are in hand."""
    replaced = {row.key: row for row in assumptions}
    rows = tuple(AssumptionRow(known, replaced.get(known.key)) for known in book.assumptions)
    request = Request.objects.filter(engagement=engagement).first()
    month = request.month if request else None
    basis = Basis(
        month=month,
        fee=_fee(engagement, request, book),
        years=book.thresholds["licence_years"],
        assumed={row.known.key: row.value for row in rows},
        licences=book.licences,
    )
    return Costs(month, basis.years, costs_of(basis), rows, break_even(basis), _others(month, book))


def _fee(engagement: Engagement, request: Request | None, book: Book) -> Decimal:
    """That of the quote in force, else of the tier that the data points lead to so far."""
    offers = Quote.objects.filter(engagement=engagement)
    agreed = offers.agreed().only("total", "total_currency").first()
    live = agreed or offers.filter(state="sent").only("total", "total_currency").first()
    if live is not None:
        fee: Decimal = live.total.amount
        return fee
    return work_out(request.points, book).totals.total if request else min(tier.fee for tier in book.tiers)


def _others(month: int | None, book: Book) -> tuple[LicenceRow, ...]:
    """The sources that say something else about PowerMTA's licence at this volume."""
    licence = estimate_licence(Way.POWERMTA, month, book.licences)
    return licence.others if licence else ()


def _head_text(cost: Cost, head: Head) -> str:
    return span_text(cost.of(head=head)) if any(row.head is head for row in cost.rows) else ""


def span_text(span: Span) -> str:
    """USD 300,000 to USD 400,000, or one amount; a source without an upper end says so."""
    more = " or more" if span.and_more else ""
    if span.low == span.high:
        return f"{amount_text(span.low, CURRENCY)}{more}"
    return f"{amount_text(span.low, CURRENCY)} to {amount_text(span.high, CURRENCY)}{more}"


def costs_csv(costs: Sequence[Cost]) -> str:
    """A row for each cost head, year and way, with its formula; amounts as plain numbers."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for cost in costs:
        for row in cost.rows:
            amount = row.amount
            cells = (f"{amount.low:.2f}", f"{amount.high:.2f}", "yes" if amount.and_more else "")
            writer.writerow((WAY_LABELS[cost.way], row.year, HEAD_LABELS[row.head], *cells, row.formula, row.source))
    return out.getvalue()
