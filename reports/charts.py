"""Where the bars of a document stand, in percent of their line. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from reports.moves import DAY, Moves, moves_of

WEEK = 7
MOST_TICKS = 12
_SUM = re.compile(r"\d[\d,]*(?:\.\d\d)?")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a bar. `share` is how much of the mail takes the new route: hatched is the rest."""

    x: float
    width: float
    share: int

    @property
    def top(self) -> int:
        return 100 - self.share


@dataclass(frozen=True, slots=True)
class GanttLine:
    phase: Mapping[str, Any]
    x: float
    width: float
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Gantt:
    """`ticks` are the places of the fine lines, `weeks_apart` the time between them."""

    lines: Sequence[GanttLine]
    ticks: Sequence[float]
    weeks: int
    weeks_apart: int


def gantt_of(phases: Sequence[Mapping[str, Any]]) -> Gantt:
    """The bars of planned phases, whose dates are ISO texts. Raises ValueError when there are none."""
    if not phases:
        raise ValueError("A timeline needs at least one phase")
    first = min(date.fromisoformat(phase["start"]) for phase in phases)
    days = (max(date.fromisoformat(phase["end"]) for phase in phases) - first).days + 1
    weeks = -(-days // WEEK)
    apart = -(-weeks // MOST_TICKS)
    ticks = [_percent(timedelta(weeks=week), days) for week in range(0, weeks, apart)]
    moves = moves_of(phases)
    return Gantt([_line(phase, first, days, moves) for phase in phases], ticks, weeks, apart)


def _line(phase: Mapping[str, Any], first: date, days: int, moves: Moves | None) -> GanttLine:
    start, end = date.fromisoformat(phase["start"]), date.fromisoformat(phase["end"])
    turns = [step.first for step in moves.steps] + [moves.full] if moves else []
    begins = [start, *(day for day in turns if start < day <= end)]
    ends = [*(day - DAY for day in begins[1:]), end]
    blocks = [
        Block(_percent(one - first, days), _percent(last - one + DAY, days), moves.share_on(one) if moves else 0)
        for one, last in zip(begins, ends, strict=True)
    ]
    return GanttLine(phase, _percent(start - first, days), _percent(end - start + DAY, days), blocks)


def _percent(span: timedelta, days: int) -> float:
    return round(span.days * 100 / days, 3)


@dataclass(frozen=True, slots=True)
class SeverityBar:
    label: str
    count: int
    answered: float
    waiting: float


def severity_bars(groups: Sequence[Mapping[str, Any]]) -> list[SeverityBar]:
    """A bar a severity on one scale: answered solid, not yet answered dashed."""
    most = max((group["count"] for group in groups), default=0) or 1
    return [
        SeverityBar(
            group["label"],
            group["count"],
            round((group["count"] - group["unanswered"]) * 100 / most, 2),
            round(group["unanswered"] * 100 / most, 2),
        )
        for group in groups
    ]


def shares_of(rows: Sequence[tuple[Any, int]]) -> list[tuple[tuple[Any, int], float]]:
    """Each name and count with its percent of the largest."""
    most = max((count for _, count in rows), default=0) or 1
    return [((name, count), round(count * 100 / most, 2)) for name, count in rows]


@dataclass(frozen=True, slots=True)
class CostBar:
    """`least` is the lower end of a total, `beyond` how much further its upper end is."""

    way: str
    total: str
    least: float
    beyond: float


def cost_bars(ways: Sequence[str], totals: Sequence[str]) -> list[CostBar]:
    """A bar a way on one scale. None at all where a total is not a sum, for its bar would be missed."""
    sums = [[float(text.replace(",", "")) for text in _SUM.findall(total)] for total in totals]
    if not sums or not all(sums):
        return []
    most = max(map(max, sums)) or 1
    return [
        CostBar(way, total, round(ends[0] * 100 / most, 2), round((ends[-1] - ends[0]) * 100 / most, 2))
        for way, total, ends in zip(ways, totals, sums, strict=True)
    ]
