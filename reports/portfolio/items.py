"""A case of a figure, and the short ways to say which cases count."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from core.wording import day_text, span_text
from pricing.figures import CHOSEN
from pricing.in_force import day_of
from reports.portfolio.facts import EngagementFacts, GateFacts, PhaseFacts

if TYPE_CHECKING:
    from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Item:
    """`number` or `span` is what is summed up of it, `among` what its number is a part of.

    `marks` are what a list can be narrowed to.
    """

    of: EngagementFacts
    what: str = ""
    detail: str = ""
    number: Decimal = Decimal(0)
    among: int = 0
    span: timedelta | None = None
    marks: Mapping[str, str] = field(default_factory=dict)


Select = Callable[[EngagementFacts], Iterable[Item]]


def narrowed(items: Iterable[Item], marks: Mapping[str, str]) -> list[Item]:
    """Those that carry all of these marks."""
    return [item for item in items if all(item.marks.get(name) == value for name, value in marks.items())]


def those(test: Callable[[EngagementFacts], object], detail: Callable[[EngagementFacts], str] | None = None) -> Select:
    """The engagements of which something is true."""

    def select(one: EngagementFacts) -> list[Item]:
        return [Item(one, detail=detail(one) if detail else "")] if test(one) else []

    return select


def of_sales(key: str) -> Select:
    """A figure of sales, by its own definition."""
    return those(lambda one: one.case is not None and CHOSEN[key](one.case))


def gates_with(span: Callable[[GateFacts], timedelta | None]) -> Select:
    """Each gate with how long something took, where it is known."""

    def select(one: EngagementFacts) -> Iterable[Item]:
        for gate in one.gates:
            if (took := span(gate)) is not None:
                yield Item(one, gate.label, span_text(took), span=took, marks={"number": str(gate.number)})

    return select


def phases_with(test: Callable[[PhaseFacts], bool]) -> Select:
    """Each ended phase with its days, among those that were planned."""

    def select(one: EngagementFacts) -> Iterable[Item]:
        for phase in one.phases:
            if phase.actual is not None and test(phase):
                detail = f"{phase.actual} days, planned {phase.planned}"
                marks = {"tier": one.tier, "number": str(phase.number)}
                yield Item(one, phase.label, detail, Decimal(phase.actual), phase.planned, marks=marks)

    return select


def in_month(one: EngagementFacts, at: datetime, what: str = "") -> Item:
    """Something that happened at a moment, marked with its month as the practice counts days."""
    day = day_of(at)
    return Item(one, what, day_text(day), marks={"month": f"{day:%Y-%m}"})


def moved_by(*steps: str) -> Select:
    """The engagements that made one of these moves, by the month of the last one."""

    def select(one: EngagementFacts) -> list[Item]:
        move = one.moved(*steps)
        return [in_month(one, move.at)] if move else []

    return select
