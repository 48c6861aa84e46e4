"""What the page of the watch draws: a table and a drawing for each provider, and what is expected of placement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from core.components import SparkLines, Status, StatusKind
from core.counting import counted
from core.shares import share_text
from delivery.domain.set_warm_up import warm_up_of
from delivery.warm_up_state import calendars_of
from delivery.watch.book import load_watch
from delivery.watch.judging import Mark
from delivery.watch_days import held_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from delivery.models import InsightCard
    from delivery.placement_state import Placement
    from delivery.watch_figures import Material
    from delivery.watch_state import Age, Key, Standing
    from engagements.models import Engagement

UNKNOWN = "not known"
DRAWN = ("failure", "deferral")
FEWEST = 2  # points; one is a number and no drawing
MARKS = {
    Mark.STEADY: Status(StatusKind.COMPLETED, "Steady"),
    Mark.DRIFTED: Status(StatusKind.IN_PROGRESS, "Moved"),
    Mark.INCONCLUSIVE: Status(StatusKind.NOT_STARTED, "Inconclusive"),
}
CROSSED, OLD = Status(StatusKind.PROBLEM, "Crossed"), Status(StatusKind.NOT_STARTED, "Data too old to say")


@dataclass(frozen=True, slots=True)
class Row:
    title: str
    before: str
    now: str
    status: Status
    why: str
    card: InsightCard | None


@dataclass(frozen=True, slots=True)
class Panel:
    """`name` is empty for what is about all providers."""

    name: str
    rows: list[Row]
    charts: list[SparkLines]


def panels_of(
    material: Material, standings: Sequence[Standing], cards: Mapping[Key, InsightCard], age: Age, stream: str = ""
) -> list[Panel]:
    """Providers largest first; what is about all of them comes last. Of one stream there are figures, no drawings."""
    traffic = [each for each in standings if each.rule.key != "placement" and each.stream == stream]
    names = list(dict.fromkeys(each.provider for each in traffic if each.provider))
    if stream:
        return [
            Panel(name, [row_of(each, cards.get(each.key), age) for each in traffic if each.provider == name], [])
            for name in names
        ]
    warm = _warm_charts(material.watch.engagement)
    return [
        Panel(
            name,
            [row_of(each, cards.get(each.key), age) for each in traffic if each.provider == name],
            [*_charts(material, name), *warm.get(name, [])] if name else [],
        )
        for name in [*names, ""]
    ]


def row_of(standing: Standing, card: InsightCard | None, age: Age) -> Row:
    seen = standing.seen
    counts = seen.counts
    before = UNKNOWN if counts is None or counts.before is None else share_text(counts.before)
    now = UNKNOWN if counts is None or counts.now is None else f"{share_text(counts.now)} of {counts.of:,}"
    return Row(standing.rule.title, before, now, status_of(standing, card, age), seen.why, card)


def status_of(standing: Standing, card: InsightCard | None, age: Age) -> Status:
    """Stale is never steady; a card stands whatever the newest figures say."""
    if card:
        return Status(StatusKind.PROBLEM, f"{card} is open")
    if standing.is_crossed:
        return CROSSED
    return OLD if age.is_stale and standing.rule.key != "placement" else MARKS[standing.seen.mark]


def _charts(material: Material, provider: str) -> list[SparkLines]:
    """The baseline of the same hours against each day, where both are known."""
    rules = [load_watch().rule(key) for key in DRAWN]
    drawn = []
    for rule in rules:
        counts = [material.counts(rule, provider, [day]) for day in material.days]
        pairs = [(each.before, each.now) for each in counts if each]
        known = [(before, now) for before, now in pairs if before is not None and now is not None]
        if len(known) >= FEWEST and any(value for pair in known for value in pair):
            note = f"{len(known)} of {counted(material.watch.days, 'day')}, percent by day"
            old, new = ([round(100 * value, 2) for value in line] for line in zip(*known, strict=True))
            drawn.append(SparkLines(rule.title, old, new, "baseline", "new", " %", note))
    return drawn


def _warm_charts(engagement: Engagement) -> dict[str, list[SparkLines]]:
    """The warm-up's plan against what the new route took, on days of which a log was read."""
    warm_up = warm_up_of(engagement)
    drawn: dict[str, list[SparkLines]] = {}
    for calendar in calendars_of(warm_up, timezone.now().date()) if warm_up else []:
        known = [(row.planned, row.taken) for row in calendar.rows if row.taken is not None]
        if len(known) >= FEWEST:
            old, new = (list(line) for line in zip(*known, strict=True))
            drawn[calendar.provider] = [SparkLines("Warm-up", old, new, "plan", "sent", "", "recipients by day")]
    return drawn


@dataclass(frozen=True, slots=True)
class PlacementRow:
    placement: Placement
    before: str
    now: str
    status: Status
    card: InsightCard | None
    chart: SparkLines | None


def placement_rows(
    placements: Sequence[Placement], standings: Sequence[Standing], cards: Mapping[Key, InsightCard], age: Age
) -> list[PlacementRow]:
    by_key = {each.key: each for each in standings if each.rule.key == "placement"}
    rows = []
    for each in placements:
        key = ("placement", each.provider, each.stream)
        before = UNKNOWN if each.before is None else f"{share_text(each.before)} of {each.sent_before:,}"
        now = UNKNOWN if each.now is None else f"{share_text(each.now)} of {each.sent:,}"
        status = status_of(by_key[key], cards.get(key), age)
        rows.append(PlacementRow(each, before, now, status, cards.get(key), _placement_chart(each)))
    return rows


def _placement_chart(placement: Placement) -> SparkLines | None:
    known = [(week.expected, week.inbox) for week in placement.weeks if week.expected is not None]
    if len(known) < FEWEST:
        return None
    old, new = ([round(100 * value, 1) for value in line] for line in zip(*known, strict=True))
    name = ", ".join(part for part in (placement.provider, placement.stream) if part)
    lowest = 10 * int(min(*old, *new) // 10)
    note = f"in the inbox by week, against the least that is expected; drawn from {lowest} % up"
    return SparkLines(name, old, new, "expected", "seen", " %", note, floor=float(lowest))


def dip_rows() -> list[tuple[str, str]]:
    """Weeks of the watch, and the most that is expected to be lost in them."""
    rows, first = [], 1
    for last, loss in load_watch().dip.weeks:
        rows.append((f"Weeks {first} to {last}" if first < last else f"Week {last}", share_text(loss, 0)))
        first = last + 1
    return [*rows, (f"From week {first} on", f"{share_text(load_watch().dip.after, 0)}, by chance alone")]


def day_words(material: Material, today: date) -> str:
    """Day 12 of 30; 10 of them with logs, and which are missing between them."""
    begin = material.frozen.local(material.watch.begins_at).date()
    number = min(max((today - begin).days, 0), material.watch.days)
    return f"Day {number} of {material.watch.days}; the logs hold {held_words(material)}"
