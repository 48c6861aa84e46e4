"""What Postfix did before, by provider and stream, weekday and hour, out of the mail logs of discovery."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from core.counting import counted
from delivery.watch.book import load_watch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from delivery.ramp.judging import Figures

COUNTED = ("delivered", "bounced", "deferred")
WHOLES = ("sent", "bounced", "expired", "deferrals", "put_off")
ALL_DAY = -1  # the hour of a cell where a log kept none for its providers
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Hours = list[tuple[datetime, "Figures"]]
Rows = dict[str, list[list[int]]]  # by provider
Cells = dict[str, dict[tuple[int, int], tuple[int, ...]]]  # by provider, then weekday and hour


@dataclass(frozen=True, slots=True)
class LogHour:
    """Recipients of one hour by the clock of a host; `deferred` counts attempts. `hour` may be ALL_DAY.

    `stream` is empty where the log does not tell it.
    """

    day: date
    hour: int
    zone: str
    provider: str
    delivered: int
    bounced: int
    deferred: int
    stream: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the same weekdays and hours held before: a share, of how many, for `of_now` recipients from now."""

    share: float
    of: int
    of_now: int


def cells_of(rows: Sequence[LogHour], zone: str) -> Rows:
    """[weekday, hour, delivered, bounced, attempts put off] by provider, in one zone.

    One row without an hour makes all of them days: a share of an hour is not mixed with one of a day.
    """
    return _cells(rows, zone, is_hourly=is_by_hour(rows))


def stream_cells_of(rows: Sequence[LogHour], zone: str) -> dict[str, Rows]:
    """The same by stream; what belongs to none that is told stands under "". Nothing where no row tells one."""
    streams: defaultdict[str, list[LogHour]] = defaultdict(list)
    for row in rows:
        streams[row.stream].append(row)
    if not any(streams):
        return {}
    is_hourly = is_by_hour(rows)
    return {stream: _cells(of_one, zone, is_hourly=is_hourly) for stream, of_one in sorted(streams.items())}


def is_by_hour(rows: Iterable[LogHour]) -> bool:
    return all(row.hour != ALL_DAY for row in rows)


def _cells(rows: Iterable[LogHour], zone: str, *, is_hourly: bool) -> Rows:
    cells: defaultdict[str, defaultdict[tuple[int, int], Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for row in rows:
        cells[row.provider][_place(row, zone, is_hourly=is_hourly)].update(
            {name: getattr(row, name) for name in COUNTED}
        )
    return {
        provider: [[*place, *(counts[name] for name in COUNTED)] for place, counts in sorted(of_one.items())]
        for provider, of_one in sorted(cells.items())
    }


def _place(row: LogHour, zone: str, *, is_hourly: bool) -> tuple[int, int]:
    if not is_hourly or row.zone == zone:
        return row.day.weekday(), row.hour if is_hourly else ALL_DAY
    there = datetime(row.day.year, row.day.month, row.day.day, row.hour, tzinfo=ZoneInfo(row.zone))
    here = there.astimezone(ZoneInfo(zone))
    return here.weekday(), here.hour


def wholes_of(groups: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """By provider over all days, of what the figures of the logs say of their providers."""
    wholes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for group in groups:
        wholes[group["name"]].update({name: group.get(name, 0) for name in WHOLES})
    return {provider: {name: counts[name] for name in WHOLES} for provider, counts in sorted(wholes.items())}


def stream_wholes_of(groups: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, dict[str, int]]]:
    """The same by stream and provider."""
    streams: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for group in groups:
        streams[group["stream"]].append({**group, "name": group["provider"]})
    return {stream: wholes_of(of_one) for stream, of_one in sorted(streams.items())}


class Frozen:
    """A baseline as it was frozen: `content` is what `domain.freeze_baseline` wrote.

    Without a stream, everything is about all of them; one that was frozen before streams were kept knows none.
    """

    def __init__(self, content: Mapping[str, Any]) -> None:
        """Of a stored row."""
        self.content = content
        self.zone = ZoneInfo(content["zone"])
        self.is_hourly: bool = content["is_hourly"]
        wholes: dict[str, dict[str, dict[str, int]]] = content.get("stream_wholes", {})
        cells: dict[str, Rows] = content.get("stream_cells", {})
        self._not_told = _placed(cells.get("", {}) if cells else content["cells"])
        self.wholes = {**wholes, "": content["wholes"]}
        # Days that tell streams, of all; of a baseline from before they were counted, as if all did.
        self.stream_days: tuple[int, int] = tuple(content.get("stream_days", (0, 0)))
        self.cells = {**{stream: _placed(rows) for stream, rows in cells.items()}, "": _placed(content["cells"])}

    @property
    def streams(self) -> frozenset[str]:
        return frozenset(self.cells) - {""}

    @property
    def has_too_few_stream_days(self) -> bool:
        """A baseline that is short as a whole was agreed as it is: only what its streams lack beyond that counts."""
        told, days = self.stream_days
        return told < min(days, load_watch().baseline_days)

    def has_mail_on(self, day: date) -> bool:
        """Whether anything was sent on this day of the week."""
        return any(weekday == day.weekday() for of_one in self.cells[""].values() for weekday, _ in of_one)

    def ended(self, stream: str) -> int:
        """Recipients that came to an end, over all days and providers; of none that is told for an empty name."""
        return _ended(self.cells.get(stream, {}) if stream else self._not_told)

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def expected(self, key: str, provider: str, hours: Hours, stream: str = "") -> Expected | None:
        """The baseline of a rule's figure, weighed by what these hours carry now; None where nothing can be compared.

        Logs count attempts that were put off by the hour, and recipients over all days: the attempts of an hour are
        brought to recipients by that ratio. What expired in the queue is known over all days alone, and added to each.
        """
        if stream and self.has_too_few_stream_days:
            return None
        cells = self.cells.get(stream, {}).get(provider, {})
        whole = self.wholes.get(stream, {}).get(provider, {})
        same = [(cells[place], figures) for moment, figures in hours if (place := self._place(moment)) in cells]
        weight = sum(_weight(key, figures) for _, figures in same)
        if key not in {"failure", "deferral"} or not weight:
            return None
        used = {self._place(moment) for moment, _ in hours} & cells.keys()
        share = sum(_weight(key, figures) * _share(key, whole, cell) for cell, figures in same) / weight
        return Expected(min(share, 1.0), sum(sum(cells[place][:2]) for place in used), weight)

    def _place(self, moment: datetime) -> tuple[int, int]:
        here = self.local(moment)
        return here.weekday(), here.hour if self.is_hourly else ALL_DAY

    @property
    def blocked(self) -> tuple[int, int]:
        """Recipients that were refused because of the sender, of all that came to an end, all days and providers."""
        return self.content["classes"].get("block", 0), self.content["ended"]

    @property
    def kind_words(self) -> str:
        return "weekday and hour" if self.is_hourly else "weekday; these logs kept no hours of their providers"


def _placed(rows: Rows) -> Cells:
    return {
        provider: {(weekday, hour): tuple(counts) for weekday, hour, *counts in of_one}
        for provider, of_one in rows.items()
    }


def _ended(cells: Cells) -> int:
    return sum(sum(counts[:2]) for of_one in cells.values() for counts in of_one.values())


def _share(key: str, whole: Mapping[str, int], cell: Sequence[int]) -> float:
    delivered, bounced, attempts = cell
    ended = delivered + bounced
    if key == "deferral":
        put_off = attempts * whole.get("put_off", 0) / max(whole.get("deferrals", 0), 1)
        return put_off / max(ended, put_off) if put_off else 0.0
    return (bounced / ended if ended else 0.0) + expired_share(whole)


def expired_share(whole: Mapping[str, int]) -> float:
    ended = whole.get("sent", 0) + whole.get("bounced", 0) + whole.get("expired", 0)
    return whole.get("expired", 0) / ended if ended else 0.0


def _weight(key: str, figures: Figures) -> int:
    ended = figures.delivered + figures.failed
    return max(ended, figures.deferred) if key == "deferral" else ended


def short_words(days: int, needed: int) -> str:
    """Empty for a baseline that is long enough."""
    return f"Short: {counted(days, 'day')} of the {needed} that a baseline needs." if days < needed else ""
