"""Which hours count towards a promise: all of them, or those in which the practice works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = timedelta(days=1)
NOTHING = timedelta(0)


class Hours(Protocol):
    """Both take moments in UTC: Python subtracts moments of one local zone by their wall clocks, which jump."""

    def counted(self, start: datetime, end: datetime) -> timedelta:
        """How much of the time between two moments counts; nothing when the end comes first."""

    def after(self, start: datetime, span: timedelta) -> datetime:
        """The earliest moment at which so much has been counted."""


@dataclass(frozen=True, slots=True)
class CalendarHours:
    """Every hour counts, at night and at weekends."""

    def counted(self, start: datetime, end: datetime) -> timedelta:
        return max(end - start, NOTHING)

    def after(self, start: datetime, span: timedelta) -> datetime:
        return start + span


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """From `opens` to `closes` in `zone` on the named weekdays (Monday is 0), holidays excepted.

    Raises ValueError for hours that never come.
    """

    zone: tzinfo
    opens: time
    closes: time
    weekdays: frozenset[int]
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not self.weekdays or self.opens >= self.closes:
            raise ValueError("Working hours need a weekday, and an end after their beginning")

    def counted(self, start: datetime, end: datetime) -> timedelta:
        total = NOTHING
        for opens, closes in self._days_from(start):
            if opens >= end:
                break
            total += max(min(closes, end) - max(opens, start), NOTHING)
        return total

    def after(self, start: datetime, span: timedelta) -> datetime:
        if not span:
            return start
        left = span
        days = self._days_from(start)
        opens, closes = next(days)
        while max(opens, start) + left > closes:
            left -= max(closes - max(opens, start), NOTHING)
            opens, closes = next(days)
        return max(opens, start) + left

    def _days_from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Opening and closing, in UTC, of each working day from the one of `start` on."""
        day = start.astimezone(self.zone).date()
        while True:
            if day.weekday() in self.weekdays and day not in self.holidays:
                yield self._moment(day, self.opens), self._moment(day, self.closes)
            day += DAY

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC)


CALENDAR = CalendarHours()
