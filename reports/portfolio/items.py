"""A case of a figure, and the short ways to say which cases count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from core.wording import day_text, span_text
from pricing.figures import CHOSEN
from pricing.in_force import day_of
from reports.portfolio.facts import EngagementFacts, GateFacts, PhaseFacts

if TYPE_CHECKING:
    from datetime import date, datetime, timedelta

UNMARKED: Mapping[str, str] = MappingProxyType({})


class Item(NamedTuple):
    """`number` or `span` is what is summed up of it, `among` what its number is a part of.

    `marks` are what a list can be narrowed to. `tell` is asked only where a case is read: most are counted alone.
    """

    of: EngagementFacts
    what: str = ""
    tell: Callable[[Item], str] | None = None
    number: Decimal = Decimal(0)
    among: int = 0
    span: timedelta | None = None
    marks: Mapping[str, str] = UNMARKED

    @property
    def detail(self) -> str:
        return self.tell(self) if self.tell else ""


Select = Callable[[EngagementFacts], Iterable[Item]]


def narrowed(items: Iterable[Item], marks: Mapping[str, str]) -> list[Item]:
    """Those that carry all of these marks."""
    return [item for item in items if all(item.marks.get(name) == value for name, value in marks.items())]


def grouped(items: Iterable[Item], mark: str) -> dict[str, list[Item]]:
    """By what they carry as this mark, in the order of its words; "" is no mark."""
    found: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        found[item.marks.get(mark, "")].append(item)
    return dict(sorted(found.items()))


def span_told(item: Item) -> str:
    return span_text(item.span) if item.span is not None else ""


def _days_told(item: Item) -> str:
    return f"{item.number} days, planned {item.among}"


def those(test: Callable[[EngagementFacts], object], detail: Callable[[EngagementFacts], str] | None = None) -> Select:
    """The engagements of which something is true."""
    tell = (lambda item: detail(item.of)) if detail else None

    def select(one: EngagementFacts) -> list[Item]:
        return [Item(one, tell=tell)] if test(one) else []

    return select


def of_sales(key: str) -> Select:
    """A figure of sales, by its own definition."""
    return those(lambda one: one.case is not None and CHOSEN[key](one.case))


def gates_with(span: Callable[[GateFacts], timedelta | None]) -> Select:
    """Each gate with how long something took, where it is known."""

    def select(one: EngagementFacts) -> Iterable[Item]:
        for gate in one.gates:
            if (took := span(gate)) is not None:
                yield Item(one, gate.label, span_told, span=took, marks={"number": str(gate.number)})

    return select


def phases_with(test: Callable[[PhaseFacts], bool]) -> Select:
    """Each ended phase with its days, among those that were planned."""

    def select(one: EngagementFacts) -> Iterable[Item]:
        for phase in one.phases:
            if phase.actual is not None and test(phase):
                marks = {"tier": one.tier, "number": str(phase.number)}
                yield Item(one, phase.label, _days_told, Decimal(phase.actual), phase.planned, marks=marks)

    return select


def in_month(one: EngagementFacts, at: datetime, what: str = "") -> Item:
    """Something that happened at a moment, marked with its month as the practice counts days."""
    day = day_of(at)
    return Item(one, what, lambda _: day_text(day), marks={"month": month_of(day)})


def month_of(day: date) -> str:
    """2026-10."""
    return day.isoformat()[: len("2026-10")]


def moved_by(*steps: str) -> Select:
    """The engagements that made one of these moves, by the month of the last one."""

    def select(one: EngagementFacts) -> list[Item]:
        move = one.moved(*steps)
        return [in_month(one, move.at)] if move else []

    return select
