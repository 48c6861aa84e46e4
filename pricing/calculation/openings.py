"""Which times of a call are free: weekly windows cut into calls, without days off and what is taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Window:
    """`person` is whose; the hours are local times of the practice's zone."""

    person: int
    weekday: int
    starts: time
    ends: time
    minutes: int


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """A free time. Two people who are free at the same moment make two of them."""

    starts_at: datetime
    person: int
    minutes: int

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when something is looked for."""

    first: datetime
    last: datetime


def openings(
    windows: Collection[Window],
    *,
    zone: ZoneInfo,
    span: Span,
    days_off: Collection[tuple[int, date]] = (),
    taken: Collection[Opening] = (),
) -> list[Opening]:
    """Every free time that begins within the span, soonest first."""
    found = (
        opening
        for day in _days(span, zone)
        for window in windows
        if window.weekday == day.weekday() and (window.person, day) not in days_off
        for opening in _cut(window, day, zone)
        if span.first <= opening.starts_at <= span.last
    )
    return sorted(opening for opening in found if not any(_overlap(opening, one) for one in taken))


def _days(span: Span, zone: ZoneInfo) -> Iterator[date]:
    day = span.first.astimezone(zone).date()
    last = span.last.astimezone(zone).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def _cut(window: Window, day: date, zone: ZoneInfo) -> Iterable[Opening]:
    """The calls of a window. They are counted on the clock that never jumps, so that none is longer or shorter."""
    starts_at, ends_at = _moment(day, window.starts, zone), _moment(day, window.ends, zone)
    length = timedelta(minutes=window.minutes)
    while starts_at + length <= ends_at:
        yield Opening(starts_at, window.person, window.minutes)
        starts_at += length


def _moment(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)


def _overlap(one: Opening, other: Opening) -> bool:
    return one.person == other.person and one.starts_at < other.ends_at and other.starts_at < one.ends_at
