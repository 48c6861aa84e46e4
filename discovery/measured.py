"""The measured volume of an engagement: the days of all its mail logs added up."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Sum

from discovery.models import LogDay, LogHour, LogReading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from accounts.models import User
    from discovery.models.log_reading import LogReadingQuerySet
    from engagements.models import Engagement

COUNTED = ("delivered", "bounced", "deferred")
HOURS_A_DAY = 24
Pile = dict[str, Counter[str]]  # provider -> what became of its recipients
Place = tuple[str, "date"]  # a host on a day


@dataclass(frozen=True, slots=True)
class Volume:
    """A month, day, hour or provider: recipients outside, and attempts that were put off."""

    name: str
    delivered: int
    bounced: int
    deferred: int

    @property
    def ended(self) -> int:
        return self.delivered + self.bounced

    @property
    def bounce_percent(self) -> float | None:
        return 100 * self.bounced / self.ended if self.ended else None


@dataclass(frozen=True, slots=True)
class Measured:
    """`counted` are the days of logs, by the key of the log, that stand in the sums."""

    months: list[Volume]
    days: list[Volume]
    providers: list[Volume]
    overlapping: list[str]  # sentences
    counted: frozenset[tuple[int, date]] = field(default_factory=frozenset)

    @property
    def peak_day(self) -> Volume | None:
        return largest(self.days)

    @property
    def peak_month(self) -> Volume | None:
        return largest(self.months)

    def days_in(self, month: Volume) -> int:
        """On how many days of a month something was measured."""
        return sum(day.name.startswith(month.name) for day in self.days)


@dataclass(frozen=True, slots=True)
class Hours:
    """`clock` has 24 rows, all days added up, or none; `peak` is one hour of one day."""

    clock: list[Volume]
    peak: Volume | None


def measured_volume(engagement: Engagement, reader: User) -> Measured:
    """Logs of one host that follow each other are added; where two cover the same hours, a day is the larger one's."""
    return _measured(LogReading.objects.visible_to(reader).filter(engagement=engagement))


def volume_of(engagement: Engagement) -> Measured:
    """The same for what is worked out in the engagement's name: who uploaded a log may have left it since."""
    return _measured(LogReading.objects.filter(engagement=engagement))


def _measured(logs: LogReadingQuerySet) -> Measured:
    return measured_in(list(logs.read().defer("figures").order_by("number")))


def measured_in(logs: list[LogReading]) -> Measured:
    """The same over some logs of an engagement, fetched for who asks."""
    overlaps = _overlapping(logs)
    kept = {place: _kept(found, overlaps) for place, found in _piles(logs).items()}
    counted = [(day, pile) for (_, day), found in kept.items() for pile in found.values()]
    return Measured(
        _volumes((f"{day:%Y-%m}", each) for day, pile in counted for each in pile.values()),
        _volumes((f"{day:%Y-%m-%d}", each) for day, pile in counted for each in pile.values()),
        sorted(_volumes(pair for _, pile in counted for pair in pile.items()), key=lambda each: -each.ended),
        [_sentence(logs, pair) for pair in sorted(overlaps)],
        frozenset((log, day) for (_, day), found in kept.items() for log in found),
    )


def hours_in(measured: Measured) -> Hours:
    """By the clock of each host. Empty where the logs were read before hours were kept."""
    logs = {log for log, _ in measured.counted}
    kept = LogHour.objects.filter(reading__in=logs).order_by().values("reading", "day", "hour")
    rows = kept.annotate(**{f"all_{name}": Sum(name) for name in COUNTED})
    counted = [(row, _summed(row)) for row in rows if (row["reading"], row["day"]) in measured.counted]
    if not counted:
        return Hours([], None)
    silent = ((f"{hour:02}:00", Counter[str]()) for hour in range(HOURS_A_DAY))
    return Hours(
        _volumes([*silent, *((f"{row['hour']:02}:00", counts) for row, counts in counted)]),
        largest(_volumes((f"{row['day']:%Y-%m-%d} {row['hour']:02}:00", counts) for row, counts in counted)),
    )


def _summed(row: Mapping[str, Any]) -> Counter[str]:
    return Counter({name: row[f"all_{name}"] for name in COUNTED})


def largest(volumes: Iterable[Volume]) -> Volume | None:
    return max(volumes, key=lambda each: each.ended, default=None)


def _piles(logs: list[LogReading]) -> dict[Place, dict[int, Pile]]:
    hosts = {log.pk: log.host_label for log in logs}
    piles: defaultdict[Place, dict[int, Pile]] = defaultdict(dict)
    for row in LogDay.objects.filter(reading__in=logs):
        pile = piles[hosts[row.reading_id], row.day].setdefault(row.reading_id, {})
        pile[row.provider] = _counts(row)
    return piles


def _counts(row: LogDay) -> Counter[str]:
    return Counter({name: getattr(row, name) for name in COUNTED})


def is_login_seen(engagement: Engagement) -> bool:
    """Whether a client in a mail log signed in with AUTH LOGIN."""
    logs = LogReading.objects.filter(engagement=engagement).read()
    return logs.filter(figures__methods__has_key="LOGIN").exists()


def _overlapping(logs: list[LogReading]) -> set[tuple[int, int]]:
    """Pairs of one host that share more than the hour in which one was rotated."""
    return {
        (one.pk, other.pk)
        for index, one in enumerate(logs)
        for other in logs[index + 1 :]
        if one.host_label == other.host_label
        and one.covered_from < other.covered_to
        and other.covered_from < one.covered_to
    }


def _kept(found: dict[int, Pile], overlaps: set[tuple[int, int]]) -> dict[int, Pile]:
    if any(one in found and other in found for one, other in overlaps):
        log = max(found, key=lambda each: _size(found[each]))
        return {log: found[log]}
    return found


def _size(pile: Pile) -> int:
    return sum(each["delivered"] + each["bounced"] for each in pile.values())


def _volumes(pairs: Iterable[tuple[str, Counter[str]]]) -> list[Volume]:
    sums: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, counts in pairs:
        sums[name].update(counts)
    return [Volume(name, *(row[each] for each in COUNTED)) for name, row in sorted(sums.items())]


def _sentence(logs: list[LogReading], pair: tuple[int, int]) -> str:
    one, other = (next(log for log in logs if log.pk == pk) for pk in pair)
    return (
        f"Mail logs {one.number} and {other.number} of {one.host_label} cover the same hours: "
        "of a day that is in both, the larger count stands here."
    )
