"""The measured volume of an engagement: the days of all its mail logs added up."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from discovery.models import LogDay, LogReading

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from accounts.models import User
    from engagements.models import Engagement

COUNTED = ("delivered", "bounced", "deferred")
Pile = dict[str, Counter[str]]  # provider -> what became of its recipients


@dataclass(frozen=True, slots=True)
class Volume:
    """A month, day or provider: recipients outside, and attempts that were put off."""

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
    months: list[Volume]
    days: list[Volume]
    providers: list[Volume]
    overlapping: list[str]  # sentences

    @property
    def peak_day(self) -> Volume | None:
        return max(self.days, key=lambda day: day.ended, default=None)


def measured_volume(engagement: Engagement, reader: User) -> Measured:
    """Logs of one host that follow each other are added; where two cover the same hours, a day is the larger one's."""
    logs = list(LogReading.objects.visible_to(reader).filter(engagement=engagement).read().order_by("number"))
    rows = LogDay.objects.visible_to(reader).filter(reading__in=logs)
    overlaps = _overlapping(logs)
    piles: defaultdict[tuple[str, date], dict[int, Pile]] = defaultdict(dict)
    hosts = {log.pk: log.host_label for log in logs}
    for row in rows:
        pile = piles[hosts[row.reading_id], row.day].setdefault(row.reading_id, {})
        pile[row.provider] = Counter({name: getattr(row, name) for name in COUNTED})
    counted = [(day, pile) for (_, day), found in piles.items() for pile in _kept(found, overlaps)]
    return Measured(
        _volumes((f"{day:%Y-%m}", each) for day, pile in counted for each in pile.values()),
        _volumes((f"{day:%Y-%m-%d}", each) for day, pile in counted for each in pile.values()),
        sorted(_volumes(pair for _, pile in counted for pair in pile.items()), key=lambda each: -each.ended),
        [_sentence(logs, pair) for pair in sorted(overlaps)],
    )


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


def _kept(found: dict[int, Pile], overlaps: set[tuple[int, int]]) -> list[Pile]:
    if any(one in found and other in found for one, other in overlaps):
        return [max(found.values(), key=_size)]
    return list(found.values())


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
