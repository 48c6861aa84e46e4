"""Measured volumes as drawings: where each column and bar stands, and what the drawing says in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from core.counting import counted
from core.shares import share_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discovery.measured import Hours, Measured, Volume

FEWEST = 2  # points; one is a number and no drawing
MOST_DAYS = 400
MOST_PROVIDERS = 8
SLIM = 0.75  # of its place is what a column fills
ROW, BAR_TOP, BASELINE = 44, 22, 15  # pixels


@dataclass(frozen=True, slots=True)
class Column:
    """Percent of the drawing, measured from its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    text: str


@dataclass(frozen=True, slots=True)
class ColumnChart:
    """`name` makes the ids of the drawing; `first` and `last` stand below its ends, `top` beside its upper edge."""

    name: str
    title: str
    description: str
    top: str
    columns: list[Column]
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: its words and its bar; pixels downwards, percent to the right."""

    name: str
    text: str
    text_y: int
    bar_y: int
    percent: float


@dataclass(frozen=True, slots=True)
class BarChart:
    name: str
    title: str
    description: str
    height: int
    bars: list[Bar]


def day_chart(measured: Measured) -> ColumnChart | None:
    """A column a day from the first to the last; a day that no log holds stays empty."""
    if len(measured.days) < FEWEST:
        return None
    by_name = {day.name: day for day in measured.days}
    names = _calendar(measured.days)
    shown = [by_name[name] for name in names if name in by_name]
    if len(shown) < FEWEST:
        return None
    most, least = _most(shown), min(shown, key=lambda day: day.ended)
    description = (
        f"{names[0]} to {names[-1]}, {len(shown)} of {len(names)} days are in the logs. "
        f"Most on {most.name}: {counted(most.ended, 'recipient')}; fewest on {least.name}: {least.ended:,}."
    )
    columns = _columns([by_name.get(name) for name in names], most.ended)
    top = counted(most.ended, "recipient")
    return ColumnChart("by-day", "Recipients by day", description, top, columns, names[0], names[-1])


def hour_chart(hours: Hours) -> ColumnChart | None:
    """A column for each hour of the clock, all days added up."""
    busy = [hour for hour in hours.clock if hour.ended]
    if len(busy) < FEWEST:
        return None
    most = _most(busy)
    description = (
        f"All days added up, by the clock of the hosts. Most from {most.name}: {counted(most.ended, 'recipient')}."
    )
    if silent := len(hours.clock) - len(busy):
        description += f" {silent} of {len(hours.clock)} hours had none."
    columns = _columns(hours.clock, most.ended)
    top = counted(most.ended, "recipient")
    return ColumnChart("by-hour", "Recipients by hour of the day", description, top, columns, "00:00", "23:00")


def provider_chart(measured: Measured) -> BarChart | None:
    """The largest providers, and all others as one."""
    whole = sum(each.ended for each in measured.providers)
    if len(measured.providers) < FEWEST or not whole:
        return None
    pairs = [(each.name, each.ended) for each in measured.providers]
    if rest := pairs[MOST_PROVIDERS:]:
        pairs = [*pairs[:MOST_PROVIDERS], (f"{len(rest)} more", sum(count for _, count in rest))]
    top = max(count for _, count in pairs)
    bars = [
        Bar(
            name,
            f"{count:,} ({share_text(count / whole, 1)})",
            place * ROW + BASELINE,
            place * ROW + BAR_TOP,
            round(100 * count / top, 2),
        )
        for place, (name, count) in enumerate(pairs)
    ]
    first = measured.providers[0]
    description = f"{counted(whole, 'recipient')} at {len(measured.providers)} providers. "
    description += f"Most at {first.name}: {first.ended:,}, {share_text(first.ended / whole, 1)} of all."
    return BarChart("by-provider", "Recipients by provider", description, len(bars) * ROW, bars)


def _calendar(days: Sequence[Volume]) -> list[str]:
    first, last = date.fromisoformat(days[0].name), date.fromisoformat(days[-1].name)
    first = max(first, last - timedelta(days=MOST_DAYS - 1))
    return [f"{first + timedelta(days=number)}" for number in range((last - first).days + 1)]


def _most(volumes: Sequence[Volume]) -> Volume:
    return max(volumes, key=lambda each: each.ended)


def _columns(volumes: Sequence[Volume | None], top: int) -> list[Column]:
    place = 100 / len(volumes)
    return [
        Column(
            round(number * place + place * (1 - SLIM) / 2, 3),
            round(100 - 100 * volume.ended / (top or 1), 2),
            round(place * SLIM, 3),
            round(100 * volume.ended / (top or 1), 2),
            f"{volume.name}: {volume.ended:,}",
        )
        for number, volume in enumerate(volumes)
        if volume is not None
    ]
