"""The tables of the portfolio: gates by phase, days by tier, months, phases. Each cell is the length of a list."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import TYPE_CHECKING

from core.wording import amount_text, number_text
from engagements.models import Engagement
from engagements.steps import OVER, PHASE_LABELS
from pricing.figures import share_text
from pricing.in_force import day_of
from reports.portfolio.book import definitions_of
from reports.portfolio.counted import items_of
from reports.portfolio.figures import span_of
from reports.portfolio.items import grouped, month_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reports.portfolio.book import Definition
    from reports.portfolio.facts import EngagementFacts, Facts
    from reports.portfolio.items import Item

NO_TIER, NOT_AGREED = "No tier agreed", "No fee agreed"
MOST_MONTHS = 24
MONTHS = 12


@dataclass(frozen=True, slots=True)
class GateAges:
    number: int
    label: str
    consultancy: str
    customer: str


def gate_ages(facts: Facts) -> list[GateAges]:
    """Of the gates that were ever opened, by phase."""
    consultancy, customer = (
        grouped(items_of(key, facts), "number") for key in ("waited_consultancy", "waited_customer")
    )
    return [
        GateAges(number, label, span_of(consultancy[key]), span_of(customer[key]))
        for number, label in PHASE_LABELS.items()
        if (key := str(number)) in consultancy
    ]


@dataclass(frozen=True, slots=True)
class TierDays:
    """Medians of the days of ended phases, and how many of those took longer than planned."""

    tier: str
    label: str
    count: int
    planned: str
    actual: str
    overran: str


def tier_days(facts: Facts) -> list[TierDays]:
    ended, over = (grouped(items_of(key, facts), "tier") for key in ("phases", "overran"))
    return [_tier_days(tier, items, over.get(tier, [])) for tier, items in ended.items()]


def _tier_days(tier: str, ended: list[Item], over: list[Item]) -> TierDays:
    return TierDays(
        tier=tier,
        label=tier or NO_TIER,
        count=len(ended),
        planned=number_text(median(item.among for item in ended)),
        actual=number_text(median(item.number for item in ended)),
        overran=share_text(len(over), len(ended)),
    )


@dataclass(frozen=True, slots=True)
class TierWork:
    """Medians of the days noted on completed engagements and of their fees, and what a day of work brought."""

    tier: str
    label: str
    count: int
    days: str
    fee: str
    a_day: str


def tier_work(facts: Facts) -> list[TierWork]:
    return [_tier_work(tier, worked) for tier, worked in grouped(items_of("spent", facts), "tier").items()]


def _tier_work(tier: str, worked: list[Item]) -> TierWork:
    priced = [(item.of.agreement.total, item.number) for item in worked if item.of.agreement]
    currency = priced[0][0].currency.code if priced else ""
    fees, rates = [fee.amount for fee, _ in priced], [fee.amount / days for fee, days in priced]
    return TierWork(
        tier=tier,
        label=tier or NO_TIER,
        count=len(worked),
        days=number_text(median(item.number for item in worked)),
        fee=amount_text(median(fees), currency) if fees else NOT_AGREED,
        a_day=amount_text(round(median(rates)), currency) if rates else NOT_AGREED,
    )


@dataclass(frozen=True, slots=True)
class Month:
    """`counts` stand in the order of the definitions of the months."""

    key: str
    counts: tuple[tuple[Definition, int], ...]

    @property
    def label(self) -> str:
        """Nov 2026."""
        return f"{date.fromisoformat(f'{self.key}-01'):%b %Y}"


def months_of(facts: Facts, today: date) -> list[Month]:
    """The latest first, without a gap, from the first month in which something happened; at most `MOST_MONTHS`."""
    rows = definitions_of("months")
    of_each = {row.key: Counter(item.marks["month"] for item in items_of(row.key, facts)) for row in rows}
    keys = sorted({key for found in of_each.values() for key in found})
    if not keys:
        return []
    told = list(_back_from(max(keys[-1], month_of(today)), keys[0]))[:MOST_MONTHS]
    return [Month(key, tuple((row, of_each[row.key][key]) for row in rows)) for key in told]


def _back_from(last: str, first: str) -> Iterator[str]:
    year, month = map(int, last.split("-"))
    while (key := f"{year:04}-{month:02}") >= first:
        yield key
        year, month = (year, month - 1) if month > 1 else (year - 1, MONTHS)


@dataclass(frozen=True, slots=True)
class PhaseCount:
    key: str
    label: str
    count: int


def phase_counts(facts: Facts) -> list[PhaseCount]:
    """Every phase in the order of the journey, without those where nobody stands."""
    counts = Counter(one.phase for one in facts)
    return [PhaseCount(str(key), str(label), counts[key]) for key, label in Engagement.Phase.choices if key in counts]


@dataclass(frozen=True, slots=True)
class GateDate:
    """The day of the last signature, or the day that is planned; None where neither is known.

    `is_left` where the engagement is over and it was never signed: nothing is planned any more.
    """

    number: int
    day: date | None
    is_signed: bool
    is_left: bool

    @property
    def word(self) -> str:
        if self.is_left:
            return "Not signed"
        return ("Signed" if self.is_signed else "Planned") if self.day else "No date"


@dataclass(frozen=True, slots=True)
class Project:
    of: EngagementFacts
    gates: tuple[GateDate, ...]


def projects_of(facts: Facts) -> list[Project]:
    return [Project(one, tuple(_gate_dates(one))) for one in facts]


def _gate_dates(one: EngagementFacts) -> Iterator[GateDate]:
    due = {phase.number: phase.due for phase in one.phases}
    for gate in one.gates:
        signed = gate.signed_at
        is_left = signed is None and one.phase in OVER
        day = day_of(signed) if signed else due.get(gate.number)
        yield GateDate(gate.number, None if is_left else day, signed is not None, is_left)


def marks_text(marks: Mapping[str, str]) -> str:
    """What a list is narrowed to, in words; empty for a whole one."""
    words = dict(marks)
    if "number" in words:
        words["number"] = f"phase {words['number']}"
    if "tier" in words:
        words["tier"] = words["tier"] or NO_TIER
    return ", ".join(words.values())
