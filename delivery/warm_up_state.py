"""What the page and the route of a warm-up show: a calendar for each provider, and the rules that keep to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Sum
from django.db.models.functions import TruncDate

from delivery.models import TrafficHour
from delivery.ramp.judging import Figures
from delivery.ramp.warming import calendar, caps, rule_of
from delivery.traffic_state import newest_run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from delivery.models import ReconciliationRun, WarmUp
    from delivery.ramp.warming import WarmDay

Seen = dict[str, dict[date, Figures]]


@dataclass(frozen=True, slots=True)
class Calendar:
    """`rule` stands in the proxy's file from today on."""

    provider: str
    rows: tuple[WarmDay, ...]
    rule: str
    now: WarmDay | None  # None before the first day


def calendars_of(warm_up: WarmUp, today: date) -> list[Calendar]:
    seen = _seen(warm_up)
    return [_calendar(warm_up, provider, seen.get(provider, {}), today) for provider in warm_up.providers]


def _calendar(warm_up: WarmUp, provider: str, seen: dict[date, Figures], today: date) -> Calendar:
    rows = calendar(warm_up.begins, today, addresses=warm_up.addresses, seen=seen)
    begins, per_day = caps(rows, today, hosts=warm_up.hosts)
    now = next((row for row in rows if row.day == today), None)
    return Calendar(provider, tuple(rows), rule_of(provider, warm_up.pool, begins, per_day), now)


def _seen(warm_up: WarmUp) -> Seen:
    """By provider and day (UTC), what the new route did with, by the newest run."""
    run = newest_run(warm_up.engagement)
    if run is None:
        return {}
    nothing = dict.fromkeys(_whole_days(run), Figures())
    seen = {provider: dict(nothing) for provider in warm_up.providers}
    hours = TrafficHour.objects.filter(run=run, side=TrafficHour.Side.NEW, provider__in=warm_up.providers).order_by()
    days = hours.values("provider", day=TruncDate("hour", tzinfo=UTC))
    names = ("delivered", "failed", "deferred")
    for row in days.annotate(**{f"all_{name}": Sum(name) for name in names}):
        seen[row["provider"]][row["day"]] = Figures(**{name: row[f"all_{name}"] for name in names})
    return seen


def _whole_days(run: ReconciliationRun) -> Iterator[date]:
    """Those whose every hour the logs reach: a provider without a row had no mail there."""
    if run.covered_from is None or run.covered_to is None:
        return
    day, last = run.covered_from.astimezone(UTC).date() + timedelta(days=1), run.covered_to.astimezone(UTC).date()
    while day < last:
        yield day
        day += timedelta(days=1)
