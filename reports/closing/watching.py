"""The watch over the new route against the baseline, over all of its days at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from delivery.models import InsightCard
from delivery.placement_state import placements_of
from delivery.watch.book import load_watch
from delivery.watch_figures import material_of
from delivery.watch_state import OF_ALL_PROVIDERS, PLACEMENT, current_watch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from delivery.models import Watch
    from delivery.placement_state import Placement
    from delivery.watch.book import Rule
    from delivery.watch.judging import Counts
    from delivery.watch_figures import Material
    from engagements.models import Engagement

DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Held:
    """`count` of `of` since the cutover, `before` the share of the same hours of the baseline; None: not recorded."""

    title: str
    provider: str
    before: float | None
    of_before: int | None
    count: int | None
    of: int | None


@dataclass(frozen=True, slots=True)
class Placed:
    """Seeds that came into the inbox, as shares."""

    provider: str
    stream: str
    before: float | None
    sent_before: int
    now: float | None
    sent: int


@dataclass(frozen=True, slots=True)
class Cards:
    opened: int
    acknowledged: int
    escalated: int
    closed: int


@dataclass(frozen=True, slots=True)
class WatchKept:
    """`logged` are the whole days that the logs of the new route hold."""

    number: int
    days: int
    logged: int
    first_day: date | None
    last_day: date | None
    baseline: int
    baseline_first: date
    baseline_last: date
    baseline_days: int
    figures: Sequence[Held]
    placements: Sequence[Placed]
    cards: Cards


def watch_of(engagement: Engagement) -> WatchKept | None:
    """None where no watch was agreed over a cutover that stands."""
    watch = current_watch(engagement)
    if watch is None:
        return None
    material, baseline = material_of(watch), watch.baseline
    return WatchKept(
        number=watch.number,
        days=watch.days,
        logged=len(material.days),
        first_day=material.days[0] if material.days else None,
        last_day=material.days[-1] if material.days else None,
        baseline=baseline.number,
        baseline_first=baseline.first_day,
        baseline_last=baseline.last_day,
        baseline_days=baseline.day_count,
        figures=list(_figures(material)),
        placements=[_placed(each) for each in placements_of(watch)],
        cards=_cards(watch),
    )


def _figures(material: Material) -> Iterator[Held]:
    """What is known of all providers together first, then of each, the largest first."""
    rules = [rule for rule in load_watch().rules if rule.key != PLACEMENT]
    for provider in ("", *material.providers):
        for rule in rules:
            if (rule.key in OF_ALL_PROVIDERS) is not bool(provider):
                yield _held(rule, provider, material.counts(rule, provider, material.days))


def _held(rule: Rule, provider: str, counts: Counts | None) -> Held:
    if counts is None or not counts.of:
        return Held(rule.title, provider, None, None, None, None)
    known = counts.before is not None
    return Held(
        title=rule.title,
        provider=provider,
        before=_rounded(counts.before),
        of_before=counts.of_before if known else None,
        count=counts.count,
        of=counts.of,
    )


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, DECIMALS)


def _placed(each: Placement) -> Placed:
    return Placed(each.provider, each.stream, _rounded(each.before), each.sent_before, _rounded(each.now), each.sent)


def _cards(watch: Watch) -> Cards:
    rows = InsightCard.objects.filter(watch=watch)
    return Cards(
        opened=rows.count(),
        acknowledged=rows.filter(acknowledged_at__isnull=False).count(),
        escalated=rows.filter(escalated_at__isnull=False).count(),
        closed=rows.filter(closed_at__isnull=False).count(),
    )
