"""The promise to answer, and the last moment a quote is valid.

A clock starts at a moment, counts the hours that count, and stands still while it is paused. A pause lasts from its
first moment up to, and without, its last; one that has no end yet is open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

from pricing.calculation.working_hours import CALENDAR, NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pricing.calculation.working_hours import Hours

FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Interval:
    """A pause. Raises ValueError when it ends before it begins."""

    start: datetime
    until: datetime | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.start:
            raise ValueError("A pause cannot end before it begins")


def due_at(
    started_at: datetime, allowed: timedelta, *, pauses: Iterable[Interval] = (), hours: Hours = CALENDAR
) -> datetime | None:
    """The earliest moment at which so much has been counted; None while an open pause comes before it."""
    left = allowed
    for begin, end in _stretches(started_at, pauses):
        due = hours.after(begin, left)
        if due <= end:
            return due
        left -= hours.counted(begin, end)
    return None


def elapsed(
    started_at: datetime, at: datetime, *, pauses: Iterable[Interval] = (), hours: Hours = CALENDAR
) -> timedelta:
    """How much was counted up to a moment; nothing before the clock started."""
    now = at.astimezone(UTC)
    counted = (hours.counted(begin, min(end, now)) for begin, end in _stretches(started_at, pauses) if begin < now)
    return sum(counted, start=NOTHING)


def _stretches(started_at: datetime, pauses: Iterable[Interval]) -> Iterator[tuple[datetime, datetime]]:
    """When the clock runs, in order, in UTC, where no local clock jumps. Pauses may come in any order, or overlap."""
    begin = started_at.astimezone(UTC)
    for pause in sorted(pauses, key=lambda pause: pause.start):
        start = pause.start.astimezone(UTC)
        if start > begin:
            yield begin, start
        if pause.until is None:
            return
        begin = max(begin, pause.until.astimezone(UTC))
    yield begin, FOREVER


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """The last moment of a day where the customer is; where its last hour comes twice, of the second one."""
    return datetime.combine(day, time.max, tzinfo=zone).replace(fold=1).astimezone(UTC)
