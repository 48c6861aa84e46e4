"""Where seeds came to lie, before the cutover and since: by provider and stream, the newest line of each test."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from delivery.models import SeedResult
from delivery.watch.baseline import Frozen
from delivery.watch.book import load_watch
from delivery.watch.judging import Counts, Seen, judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from delivery.models import Watch

Key = tuple[str, str]  # provider and stream


@dataclass(frozen=True, slots=True)
class Week:
    """Of the watch, from 1: parts of 1 in the inbox, and the least that is expected."""

    number: int
    inbox: float
    expected: float | None


@dataclass(frozen=True, slots=True)
class Placement:
    """`seen` judges what is not in the inbox; `last` is the newest test since the cutover."""

    provider: str
    stream: str
    before: float | None
    now: float | None
    sent_before: int
    sent: int
    spam: int
    missing: int
    last: date | None
    seen: Seen
    weeks: tuple[Week, ...]


def results_by_key(engagement_id: int) -> dict[Key, list[SeedResult]]:
    """Oldest test first."""
    found: defaultdict[Key, list[SeedResult]] = defaultdict(list)
    for result in SeedResult.objects.filter(upload__engagement=engagement_id).counting().order_by("tested_on"):
        found[result.provider, result.stream].append(result)
    return dict(sorted(found.items()))


def placements_of(watch: Watch) -> list[Placement]:
    return [_placement(watch, key, results, None) for key, results in results_by_key(watch.engagement_id).items()]


def placement_after(watch: Watch, key: Key, results: Sequence[SeedResult], after: date | None) -> Placement:
    """Of the tests behind a day alone."""
    return _placement(watch, key, results, after)


def _placement(watch: Watch, key: Key, results: Sequence[SeedResult], after: date | None) -> Placement:
    rule, begin = load_watch().rule("placement"), Frozen(watch.baseline.content).local(watch.begins_at).date()
    old = [result for result in results if result.tested_on < begin]
    new = [result for result in results if result.tested_on > max(begin, after or begin)]
    last = new[-1].tested_on if new else None
    latest = [result for result in new if last and result.tested_on > last - timedelta(days=rule.days)]
    before, of_before = _outside(old)
    count, of = _outside(latest)
    counts = Counts(count, of, before / of_before if of_before else None, of_before)
    allowed = load_watch().dip.loss_in(week_of(begin, last)) if last else None
    return Placement(
        *key,
        before=1 - before / of_before if of_before else None,
        now=1 - count / of if of else None,
        sent_before=of_before,
        sent=of,
        spam=sum(result.spam for result in latest),
        missing=sum(result.missing for result in latest),
        last=last,
        seen=judge(rule, counts, above=allowed),
        weeks=tuple(_weeks(begin, new, counts.before)),
    )


def week_of(begin: date, day: date) -> int:
    return (day - begin).days // 7 + 1


def _weeks(begin: date, new: Iterable[SeedResult], before: float | None) -> Iterable[Week]:
    by_week: defaultdict[int, list[SeedResult]] = defaultdict(list)
    for result in new:
        by_week[week_of(begin, result.tested_on)].append(result)
    for number, results in sorted(by_week.items()):
        outside, of = _outside(results)
        expected = None if before is None else max(1 - before - load_watch().dip.loss_in(number), 0.0)
        yield Week(number, 1 - outside / of, expected)


def _outside(results: Iterable[SeedResult]) -> tuple[int, int]:
    """Seeds that are not in the inbox, and all of them."""
    every = list(results)
    return sum(each.sent - each.inbox for each in every), sum(each.sent for each in every)
