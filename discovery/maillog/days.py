"""What went outside by day and provider, and by hour, provider and stream: the rows that are added up over logs."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from discovery.maillog.figures import NO_DATE
from discovery.maillog.providers import NOT_OUTSIDE
from discovery.maillog.streams import NOT_TOLD, stream_cells

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
    """`stream` is empty for what the log does not tell of."""

    day: date
    hour: int
    provider: str
    stream: str
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
    """The same by the hour and by stream; the rows of an hour and a provider add up to all that went there."""
    counted: defaultdict[tuple[date, int, str, str], Counter[str]] = defaultdict(Counter)
    for (moment, provider, outcome), count in whole.tally.counters["outcomes"].items():
        if provider not in NOT_OUTSIDE and moment != NO_DATE:
            counted[moment.date(), moment.hour, provider, NOT_TOLD][outcome] += count
    for (moment, provider, stream, outcome), count in stream_cells(whole.tally).items():
        if moment != NO_DATE:
            counted[moment.date(), moment.hour, provider, stream][outcome] += count
            counted[moment.date(), moment.hour, provider, NOT_TOLD][outcome] -= count
    return [
        HourRow(*place, row["sent"], row["bounced"], row["deferred"])
        for place, row in sorted(counted.items())
        if any(row[name] for name in ("sent", "bounced", "deferred"))
    ]
