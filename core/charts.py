"""Where the lines and bars of a chart stand. Percent and view-box units; no markup, no Django."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import accumulate, count
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from core.components import Contribution, SparkLines

LINE_WIDTH = 230.0
LINE_HEIGHT = 66.0
LABEL_DISTANCE = 15.0
LABEL_TOP = 12.0  # higher up its letters would be cut
TICK = 5  # percent between two marks of a strip of dots
HIGHEST = 40  # dots upon each other


@dataclass(frozen=True, slots=True)
class SparkDrawing:
    old_path: str
    new_path: str
    old_label_y: float
    new_label_y: float


def spark_drawing(lines: SparkLines) -> SparkDrawing:
    """Both lines on one scale from their floor, and labels apart from each other. Raises ValueError without points."""
    if not lines.old or len(lines.old) != len(lines.new):
        raise ValueError("Both lines need the same number of points, and at least one")
    span = max(*lines.old, *lines.new) - lines.floor or 1.0
    old, new = ([_height(value - lines.floor, span) for value in series] for series in (lines.old, lines.new))
    old_y, new_y = _apart(old[-1], new[-1])
    return SparkDrawing(_path(old), _path(new), old_y, new_y)


def _height(value: float, top: float) -> float:
    return round(8 + LINE_HEIGHT * (1 - value / top), 1)


def _path(heights: Sequence[float]) -> str:
    step = LINE_WIDTH / max(len(heights) - 1, 1)
    points = [f"{8 + index * step:.1f} {height}" for index, height in enumerate(heights)]
    return "M" + " L".join(points)


def _apart(old: float, new: float) -> tuple[float, float]:
    gap = LABEL_DISTANCE - abs(old - new)
    if gap <= 0:
        return old + 4, new + 4
    upward = gap / 2 if old <= new else -gap / 2
    old_y, new_y = old - upward + 4, new + upward + 4
    down = max(LABEL_TOP - min(old_y, new_y), 0)
    return round(old_y + down, 1), round(new_y + down, 1)


@dataclass(frozen=True, slots=True)
class WaterfallBar:
    """A row: the bar from `x` over `width` percent, the running total at `end`."""

    label: str
    answer: str
    points: float
    x: float
    width: float
    end: float


@dataclass(frozen=True, slots=True)
class WaterfallDrawing:
    bars: Sequence[WaterfallBar]
    axis: float
    total: float
    total_x: float
    total_width: float


def waterfall_drawing(contributions: Sequence[Contribution]) -> WaterfallDrawing:
    """Every answer begins where the one before it ended. Raises ValueError without answers."""
    if not contributions:
        raise ValueError("A waterfall needs at least one answer")
    totals = list(accumulate((row.points for row in contributions), initial=0.0))
    low, high = min(totals), max(totals)
    scale = 100 / ((high - low) or 1.0)

    def place(value: float) -> float:
        return round((value - low) * scale, 2)

    bars = [
        WaterfallBar(
            row.label,
            row.answer,
            row.points,
            place(min(start, end)),
            round(abs(end - start) * scale, 2),
            place(end),
        )
        for row, start, end in zip(contributions, totals[:-1], totals[1:], strict=True)
    ]
    total = totals[-1]
    return WaterfallDrawing(bars, place(0), total, place(min(0, total)), round(abs(total) * scale, 2))


@dataclass(frozen=True, slots=True)
class DotColumn:
    """`dots` one upon the other; `x` is percent of the width."""

    x: float
    dots: int


@dataclass(frozen=True, slots=True)
class DotStrip:
    """A dot stands for up to `each`. `band_x` and `band_width` shade what is usual; `ticks` are places and percents."""

    columns: Sequence[DotColumn]
    each: int
    highest: int
    band_x: float
    band_width: float
    ticks: Sequence[tuple[float, int]]


def in_percents(shares: Iterable[float]) -> Counter[int]:
    """How many of these parts of 1 there are of each whole percent."""
    return Counter(round(100 * share) for share in shares)


def dot_strip(percents: Mapping[int, int], band: tuple[float, float]) -> DotStrip:
    """How many there are of each percent, as dots on one scale from zero. Raises ValueError without any."""
    if not percents:
        raise ValueError("A strip needs at least one dot")
    top = ceil(max(*percents, 100 * band[1] + 1) / TICK) * TICK
    each = _worth_of_a_dot(max(percents.values()))
    columns = [DotColumn(round(100 * one / top, 2), ceil(times / each)) for one, times in sorted(percents.items())]
    low, high = (round(10_000 * end / top, 2) for end in band)
    ticks = [(round(100 * percent / top, 2), percent) for percent in range(0, top + 1, TICK)]
    return DotStrip(columns, each, max(column.dots for column in columns), low, round(high - low, 2), ticks)


def _worth_of_a_dot(most: int) -> int:
    """1, 2, 5, 10, 20 and so on: the least of them by which the highest column stays in sight."""
    steps: Iterator[int] = (step * 10**zeros for zeros in count() for step in (1, 2, 5))
    return next(step for step in steps if ceil(most / step) <= HIGHEST)
