"""What the dashboard of parallel delivery draws from the newest run: days, and old against new by provider."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce, TruncDate

from core.shares import share_text
from core.wording import span_text
from delivery.models import CaseItem, TrafficHour
from delivery.ramp.book import FIGURES, load_plan
from delivery.ramp.judging import Figures
from delivery.traffic_state import newest_run

if TYPE_CHECKING:
    from collections.abc import Iterable

    from delivery.models import ProxyCount, ReconciliationRun
    from engagements.models import Engagement

SHOWN_DAYS = 14
NOTHING = "none"


@dataclass(frozen=True, slots=True)
class DayRow:
    """Recipients that the proxy accepted on one day (UTC), and what cases say of them."""

    day: date
    accepted: int
    missing: int
    duplicate: int


@dataclass(frozen=True, slots=True)
class ProviderRow:
    name: str
    old: Figures
    new: Figures

    @property
    def total(self) -> int:
        return self.old.delivered + self.old.failed + self.new.delivered + self.new.failed

    @property
    def cells(self) -> list[tuple[str, str]]:
        """Postfix and the new route: failed for good, put off, late."""
        return [
            (percent(self.old.failed, _ended(self.old)), percent(self.new.failed, _ended(self.new))),
            (percent(self.old.deferred, _ended(self.old)), percent(self.new.deferred, _ended(self.new))),
            (percent(self.old.slow, self.old.timed), percent(self.new.slow, self.new.timed)),
        ]


def _ended(figures: Figures) -> int:
    return figures.delivered + figures.failed


@dataclass(frozen=True, slots=True)
class CountRow:
    """What one host of the proxy told last, in messages since its counters began."""

    host_name: str
    old: int
    new: int
    refused: int
    unknown: int
    age: timedelta

    @property
    def is_old(self) -> bool:
        return self.age > timedelta(minutes=load_plan().stale_minutes)

    @property
    def words(self) -> str:
        return f"Silent for {span_text(self.age)}" if self.is_old else f"Told {span_text(self.age)} ago"


def count_rows(counts: Iterable[ProxyCount], now: datetime) -> list[CountRow]:
    return [_count_row(count.host_name, count.figures, now - count.told_at) for count in counts]


def _count_row(host_name: str, figures: dict[str, float], age: timedelta) -> CountRow:
    def both(outcome: str) -> int:
        return sum(int(figures.get(f"{outcome}_{side}", 0)) for side in ("old", "new"))

    old, new = (int(figures.get(f"accepted_{side}", 0)) for side in ("old", "new"))
    return CountRow(host_name, old, new, both("refused"), both("unknown"), age)


def percent(count: int, of: int) -> str:
    return share_text(count / of) if of else NOTHING


def day_rows(run: ReconciliationRun) -> list[DayRow]:
    """The last days of a run, latest first."""
    accepted: Counter[date] = Counter()
    for path in run.report["balance"].values():
        for hour, counts in path["hours"].items():
            if hour:
                accepted[datetime.fromisoformat(hour).date()] += counts["accepted"]
    found = _items_by_day(run)
    days = sorted(accepted, reverse=True)[:SHOWN_DAYS]
    return [
        DayRow(day, accepted[day], found.get((day, "missing"), 0), found.get((day, "duplicate"), 0)) for day in days
    ]


def _items_by_day(run: ReconciliationRun) -> dict[tuple[date, str], int]:
    """Of the listed messages that this run still does not account for."""
    moment = Coalesce("accepted_at", "ended_at")
    items = CaseItem.objects.filter(engagement=run.engagement_id, seen_in=run)
    counted = items.annotate(on=TruncDate(moment, tzinfo=UTC)).values("on", "case__state").annotate(all=Count("pk"))
    return {(row["on"], row["case__state"]): row["all"] for row in counted.order_by()}


def provider_rows(run: ReconciliationRun) -> list[ProviderRow]:
    """Largest first."""
    sums = {name: Sum(name) for name in FIGURES}
    grouped = TrafficHour.objects.filter(run=run).values("provider", "side").order_by().annotate(**_named(sums))
    sides: dict[str, dict[str, Figures]] = {}
    for row in grouped:
        sides.setdefault(row["provider"], {})[row["side"]] = Figures(**{name: row[f"all_{name}"] for name in FIGURES})
    rows = [ProviderRow(name, each.get("old", Figures()), each.get("new", Figures())) for name, each in sides.items()]
    return sorted(rows, key=lambda row: -row.total)


def providers_known(engagement: Engagement) -> list[str]:
    """Those that the newest run names, largest first: of no other a check can judge."""
    run = newest_run(engagement)
    return [row.name for row in provider_rows(run)] if run else []


def _named(sums: dict[str, Sum]) -> dict[str, Sum]:
    return {f"all_{name}": total for name, total in sums.items()}
