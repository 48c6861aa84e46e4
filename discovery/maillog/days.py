"""What went outside by day and provider, and by hour and provider: the rows that are added up over several logs."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from discovery.maillog.figures import NO_DATE
from discovery.maillog.providers import NOT_OUTSIDE

if TYPE_CHECKING:
    from datetime import date

    from discovery.maillog.reading import Whole


@dataclass(frozen=True, slots=True)
class DayRow:
    day: date
    provider: str
    delivered: int
    bounced: int
    deferred: int


@dataclass(frozen=True, slots=True)
class HourRow:
    day: date
    hour: int
    provider: str
    delivered: int
    bounced: int
    deferred: int


def day_rows(whole: Whole) -> list[DayRow]:
    """Lines without a readable date are left out; `Figures` counts them in its sums."""
    counted: defaultdict[tuple[date, str], Counter[str]] = defaultdict(Counter)
    for (moment, provider, outcome), count in whole.tally.counters["outcomes"].items():
        if provider not in NOT_OUTSIDE and moment != NO_DATE:
            counted[moment.date(), provider][outcome] += count
    return [
        DayRow(day, provider, row["sent"], row["bounced"], row["deferred"])
        for (day, provider), row in sorted(counted.items())
    ]


def hour_rows(whole: Whole) -> list[HourRow]:
    """The same by the hour."""
    counted: defaultdict[tuple[date, int, str], Counter[str]] = defaultdict(Counter)
    for (moment, provider, outcome), count in whole.tally.counters["outcomes"].items():
        if provider not in NOT_OUTSIDE and moment != NO_DATE:
            counted[moment.date(), moment.hour, provider][outcome] += count
    return [
        HourRow(day, hour, provider, row["sent"], row["bounced"], row["deferred"])
        for (day, hour, provider), row in sorted(counted.items())
    ]
