"""How hours were counted on a day, from `pricing/book/clocks.yaml`."""

from __future__ import annotations

from datetime import time
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pricing.calculation.books import in_force, read_file
from pricing.calculation.working_hours import CALENDAR, BusinessHours

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from pricing.calculation.working_hours import Hours

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ANSWER = "answer"


@cache
def hours_on(day: date, clock: str = ANSWER) -> Hours:
    """How a clock that starts on the day counts. Raises LookupError for a day before the first rows."""
    return hours_from(read_file("clocks.yaml"), day, clock)


def hours_from(book: Mapping[str, Any], day: date, clock: str = ANSWER) -> Hours:
    """The same from rows in hand. Raises LookupError for a clock or a kind nobody wrote down."""
    kinds = {row["key"]: row["kind"] for row in in_force(book["kinds"], day)}
    if clock not in kinds:
        raise LookupError(f"Nobody said how the clock “{clock}” counted on {day}")
    if kinds[clock] == "calendar":
        return CALENDAR
    if kinds[clock] != "business":
        raise LookupError(f"“{kinds[clock]}” is no way to count hours")
    return _business(book, day)


def _business(book: Mapping[str, Any], day: date) -> BusinessHours:
    row = in_force(book["working_hours"], day)[0]
    return BusinessHours(
        zone=ZoneInfo(row["zone"]),
        opens=time.fromisoformat(row["opens"]),
        closes=time.fromisoformat(row["closes"]),
        weekdays=frozenset(WEEKDAYS.index(name) for name in row["weekdays"]),
        holidays=frozenset(holiday["day"] for holiday in in_force(book["holidays"], day, key="day")),
    )
