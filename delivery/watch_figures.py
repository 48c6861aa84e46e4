"""What the records say of the new route since the cutover, by provider and stream, by the baseline's clock."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, Sum

from delivery.models import FeedbackItem, TrafficHour
from delivery.ramp.book import FIGURES
from delivery.ramp.judging import Figures
from delivery.traffic_state import newest_run
from delivery.watch.baseline import Frozen
from delivery.watch.book import load_watch
from delivery.watch.judging import Counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from delivery.models import ReconciliationRun, Watch
    from delivery.watch.baseline import Hours
    from delivery.watch.book import Rule

DAY = timedelta(days=1)
CLOSING_HOUR = timedelta(hours=1)  # a log that ends within the last hour of a day holds that day
Daily = dict[tuple[str, date], int]
ByDay = dict[str, "dict[date, Hours]"]  # by provider and day


@dataclass(frozen=True, slots=True)
class Material:
    """`days` are the whole days that the logs of the new route hold, `until` the moment up to which they reach.

    `missing` are days between them of which the logs hold nothing: nobody can tell a day without mail from a lost log.
    `quiet` are those of which they hold nothing on a day of the week that had no mail before, either.

    `streams` are the hours of the days that are shown by stream, with what belongs to none that is told under "".

    `complaints` and `blocked` are by provider and day, and None where nobody has handed any over since the cutover.
    Neither says which route its mail took: they are held against `hours` and `postfix`, what stays there, together.
    """

    watch: Watch
    frozen: Frozen
    until: datetime | None
    days: list[date] = field(default_factory=list)
    missing: list[date] = field(default_factory=list)
    quiet: list[date] = field(default_factory=list)
    hours: ByDay = field(default_factory=dict)
    streams: dict[str, ByDay] = field(default_factory=dict)
    postfix: ByDay = field(default_factory=dict)
    complaints: Daily | None = None
    blocked: Daily | None = None

    @property
    def reached(self) -> list[date]:
        """Every day that should have mail up to the last, those without a log among them."""
        return sorted([*self.days, *self.missing])

    @property
    def shown(self) -> list[date]:
        """Those that a page shows; no rule that looks at streams looks further back."""
        return self.reached[-load_watch().shown_days :]

    @property
    def providers(self) -> list[str]:
        """Largest first."""
        return self.providers_of("")

    def providers_of(self, stream: str) -> list[str]:
        whole = {
            name: sum(_ended(each) for _, each in self.over(name, self.days, stream)) for name in self._by_day(stream)
        }
        return sorted(whole, key=lambda name: (-whole[name], name))

    @property
    def told_streams(self) -> list[str]:
        """Of the baseline and of the new route, the largest first. None where either of them knows none."""
        if not self.frozen.streams or not any(self.streams):
            return []
        known = {name for name in self.streams if name} | self.frozen.streams
        return sorted(known, key=lambda name: (-self.ended(name), -self.frozen.ended(name), name))

    def ended(self, stream: str) -> int:
        """Recipients that came to an end on the days that are shown; of none that is told for an empty name."""
        return sum(_ended(each) for _, each in _over(self.streams.get(stream, {}), "", self.shown))

    def over(self, provider: str, days: Iterable[date], stream: str = "") -> Hours:
        """Its hours on these days; of all providers, or streams, for an empty name."""
        return _over(self._by_day(stream), provider, days)

    def _by_day(self, stream: str) -> ByDay:
        return self.streams.get(stream, {}) if stream else self.hours

    def counts(self, rule: Rule, provider: str, days: Iterable[date], stream: str = "") -> Counts | None:
        """None where nobody measures it."""
        days = [day for day in days if day in self.days]
        if rule.key in {"complaint", "blocked"}:
            return self._handed_over(rule, provider, days)
        hours = self.over(provider, days, stream)
        count, of = _measured(rule.key, [figures for _, figures in hours])
        expected = self.frozen.expected(rule.key, provider, hours, stream)
        return Counts(count, of, expected.share, expected.of) if expected else Counts(count, of)

    def _handed_over(self, rule: Rule, provider: str, days: list[date]) -> Counts | None:
        known = self.complaints if rule.key == "complaint" else self.blocked
        if known is None:
            return None
        hours = [*self.over(provider, days), *_over(self.postfix, provider, days)]
        found = sum(count for (name, day), count in known.items() if day in days and provider in {"", name})
        if rule.key == "complaint":
            return _bounded(found, sum(figures.delivered for _, figures in hours))
        before, of_before = self.frozen.blocked
        whole = _bounded(found, sum(_ended(figures) for _, figures in hours))
        return Counts(whole.count, whole.of, before / of_before, of_before) if of_before else whole


def _over(known: ByDay, provider: str, days: Iterable[date]) -> Hours:
    of, days = [known.get(provider, {})] if provider else list(known.values()), list(days)
    return [hour for by_day in of for day in days for hour in by_day.get(day, [])]


def material_of(watch: Watch) -> Material:
    frozen = Frozen(watch.baseline.content)
    run = newest_run(watch.engagement)
    span = run.covered.get("new") if run else None
    if run is None or span is None:
        return Material(watch, frozen, None)
    first, until = (datetime.fromtimestamp(moment, UTC) for moment in span)
    reached, hours = whole_days(frozen, watch, first, until), _hours(run, watch, frozen, TrafficHour.Side.NEW)
    held = {day for by_day in hours.values() for day in by_day}
    days, empty = [day for day in reached if day in held], [day for day in reached if day not in held]
    missing = [day for day in empty if frozen.has_mail_on(day)]
    quiet = [day for day in empty if not frozen.has_mail_on(day)]
    postfix = _hours(run, watch, frozen, TrafficHour.Side.OLD)
    known = Material(watch, frozen, until, days, missing, quiet, hours, {}, postfix, *_handed(watch))
    return replace(known, streams=_streams(run, frozen, known.shown[0]) if known.shown else {})


def whole_days(frozen: Frozen, watch: Watch, first: datetime, until: datetime) -> list[date]:
    """Days of the watch by the baseline's clock: the day of the cutover is none, and none is cut by the logs."""
    begin = frozen.local(max(watch.begins_at, first)).date() + DAY
    last = frozen.local(until + CLOSING_HOUR).date() - DAY
    end = frozen.local(watch.begins_at).date() + watch.days * DAY
    return [begin + number * DAY for number in range((min(last, end) - begin).days + 1)]


def _hours(run: ReconciliationRun, watch: Watch, frozen: Frozen, side: str) -> ByDay:
    """Of all streams: one row for an hour, or a share would be weighed by their number."""
    rows = TrafficHour.objects.filter(run=run, side=side, hour__gte=watch.begins_at).order_by("hour")
    summed = rows.values_list("provider", "hour").annotate(**{f"all_{name}": Sum(name) for name in FIGURES})
    hours: ByDay = {}
    for row in summed:
        _file(hours, frozen, row)
    return hours


def _streams(run: ReconciliationRun, frozen: Frozen, since: date) -> dict[str, ByDay]:
    begin = datetime.combine(since, time(), frozen.zone)
    rows = TrafficHour.objects.filter(run=run, side=TrafficHour.Side.NEW, hour__gte=begin).order_by("hour")
    streams: defaultdict[str, ByDay] = defaultdict(dict)
    for stream, *row in rows.values_list("stream", "provider", "hour", *FIGURES):
        _file(streams[stream], frozen, row)
    return dict(streams)


def _file(hours: ByDay, frozen: Frozen, row: Sequence[Any]) -> None:
    provider, hour, *counts = row
    local = frozen.local(hour)
    of_one = hours.setdefault(provider, {}).setdefault(local.date(), [])
    of_one.append((local, Figures(**dict(zip(FIGURES, counts, strict=True)))))


def _handed(watch: Watch) -> tuple[Daily | None, Daily | None]:
    """Complaints, and recipients that were refused because of the sender, of either route since the cutover."""
    later = Q(happened_at__gte=watch.begins_at) | Q(happened_at=None, day__gt=watch.begins_at.date())
    since = FeedbackItem.objects.filter(later, engagement=watch.engagement_id)
    complaints, failed = FeedbackItem.Kind.COMPLAINT, FeedbackItem.Kind.FAILED
    blocked = since.filter(kind=failed, action=FeedbackItem.Action.BLOCK)
    return (
        _by_day(since.filter(kind=complaints)) if since.filter(kind=complaints).exists() else None,
        _by_day(blocked) if since.filter(kind=failed).exists() else None,
    )


def _by_day(items: Iterable[FeedbackItem]) -> Daily:
    rows = items.order_by().values("provider", "day").annotate(count=Count("pk"))  # type: ignore[attr-defined]  # a queryset
    found: Counter[tuple[str, date]] = Counter()
    for row in rows:
        found[row["provider"], row["day"]] += row["count"]
    return dict(found)


def _measured(key: str, figures: list[Figures]) -> tuple[int, int]:
    """As `Figures.counted` has it, over many hours."""
    total = {name: sum(getattr(each, name) for each in figures) for name in FIGURES}
    ended = total["delivered"] + total["failed"]
    known = {
        "failure": (total["failed"], ended),
        "deferral": (total["deferred"], max(ended, total["deferred"])),
        "latency": (total["slow"], total["timed"]),
    }
    return known[key]


def _ended(figures: Figures) -> int:
    return figures.delivered + figures.failed


def _bounded(count: int, of: int) -> Counts:
    """A bounce may come on another day than its delivery was counted on."""
    return Counts(min(count, of), of)
