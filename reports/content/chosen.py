"""Which target and why, and what each way costs: the sum of the answers and the years by cost head."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from core.wording import amount_text
from discovery.models import SelectionAnswer
from discovery.selection.method import method_of, method_on
from discovery.selection_page import selection_with
from engagements.today import today_of
from pricing.calculation.books import book_date, book_on
from pricing.costs import CURRENCY, costs_with
from pricing.in_force import book_now
from pricing.models import CostAssumption

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from discovery.selection_page import SelectionRow
    from engagements.models import Engagement
    from pricing.costs import AssumptionRow
    from reports.content.settled import People


@dataclass(frozen=True, slots=True)
class WeighedAnswer:
    """`points` as they are printed; "" where an answer decides alone or is missing."""

    label: str
    answer: str
    points: str
    certainty: str
    note: str
    who: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """`result` names the outcome; `total` is printed with it once every answer is in."""

    method: str
    result: str
    total: str
    answers: Sequence[WeighedAnswer]
    flips: Sequence[str]
    confidence: str


@dataclass(frozen=True, slots=True)
class CostLine:
    label: str
    amounts: Sequence[str]


@dataclass(frozen=True, slots=True)
class ReplacedNumber:
    label: str
    number: str
    reason: str
    who: str


@dataclass(frozen=True, slots=True)
class CostsContent:
    """`book_day` is the day the book was opened, `book_date` its own; `month` is the stated monthly volume."""

    book_day: str
    book_date: str
    month: int | None
    years: int
    ways: Sequence[str]
    heads: Sequence[CostLine]
    totals: Sequence[str]
    break_even: int | None
    rate: str
    replaced: Sequence[ReplacedNumber]


def chosen_content(engagement: Engagement, settled: Mapping[str, Any], people: People) -> Chosen:
    """By the method of today, or by the one of the document that is out: a new version makes no signature stale."""
    version = settled.get("chosen", {}).get("method")
    method = method_of(version) if version else method_on(today_of(engagement))
    answers = SelectionAnswer.objects.filter(engagement=engagement).select_related("answered_by", "disputed_by")
    found = selection_with(engagement, answers, method)
    return Chosen(
        method=method.version,
        result=found.outcome_label,
        total=f"{found.score.total:+d}" if found.score.is_complete else "",
        answers=[_weighed(row, people, is_complete=found.score.is_complete) for row in found.rows],
        flips=found.flips,
        confidence=found.confidence_words,
    )


def _weighed(row: SelectionRow, people: People, *, is_complete: bool) -> WeighedAnswer:
    answer = row.answer
    is_counted = is_complete and row.step.choice is not None and row.step.choice.decides is None
    return WeighedAnswer(
        label=row.step.variable.label,
        answer=row.answer_text,
        points=row.step.text if is_counted else "",
        certainty=answer.get_certainty_display() if answer else "",
        note=answer.note if answer else "",
        who=people.name_of(answer.answered_by) if answer else "",
    )


def costs_content(engagement: Engagement, settled: Mapping[str, Any], people: People) -> CostsContent:
    """By the price book of today, or by the one of the document that is out."""
    day = settled.get("costs", {}).get("book_day")
    book = book_on(date.fromisoformat(day)) if day else book_now()
    replaced = CostAssumption.objects.filter(engagement=engagement).select_related("changed_by")
    found = costs_with(engagement, replaced, book)
    rate = found.assumption("hour_rate")
    return CostsContent(
        book_day=book.day.isoformat(),
        book_date=book_date(book.day).isoformat(),
        month=found.month,
        years=found.years,
        ways=found.labels,
        heads=[CostLine(line.label, line.amounts) for line in found.heads],
        totals=found.totals,
        break_even=found.break_even,
        rate=amount_text(rate.value, CURRENCY) if rate else "",
        replaced=[_replaced(row, people) for row in found.assumptions if row.replaced],
    )


def _replaced(row: AssumptionRow, people: People) -> ReplacedNumber:
    kept = row.replaced
    return ReplacedNumber(
        label=row.known.label,
        number=f"{row.value_text} {row.known.unit}",
        reason=kept.reason if kept else "",
        who=people.name_of(kept.changed_by) if kept else "",
    )
