"""Looks whether a rule of the watch is crossed, and opens a card for it: one at a time for what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.numbering import next_number
from core.rounds import each
from delivery.models import InsightCard, Watch
from delivery.watch_figures import material_of
from delivery.watch_state import current_watch, judged_through, standings_of
from engagements.domain.lock_engagement import lock_engagement
from engagements.models import Engagement

if TYPE_CHECKING:
    from delivery.watch_state import Standing


def judge_all() -> int:
    """Every engagement that is watched. How many cards were opened."""
    watched = Watch.objects.filter(engagement__in=Engagement.objects.running(), cutover__fallen_back_at=None)
    return each(_judge, watched.order_by("engagement").values_list("engagement", flat=True).distinct())


@transaction.atomic
def _judge(engagement: int) -> int:
    return len(judge_watch(lock_engagement(engagement)))


def judge_watch(engagement: Engagement) -> list[InsightCard]:
    """Inside the caller's transaction, under the lock of the engagement."""
    watch = current_watch(engagement)
    if watch is None:
        return []
    crossed = [each for each in standings_of(material_of(watch), judged_through(engagement)) if each.is_crossed]
    opened = InsightCard.objects.open().filter(engagement=engagement)
    known = set(opened.values_list("rule", "provider", "stream"))
    said = known | {standing.key for standing in crossed}
    new = [standing for standing in crossed if standing.key not in known and standing.wider not in said]
    return [_open(watch, standing) for standing in new]


def _open(watch: Watch, standing: Standing) -> InsightCard:
    card = InsightCard.objects.create(
        engagement=watch.engagement,
        number=next_number(InsightCard.objects.filter(engagement=watch.engagement)),
        watch=watch,
        rule=standing.rule.key,
        title=standing.rule.title,
        provider=standing.provider,
        stream=standing.stream,
        said=standing.said,
        opened_at=timezone.now(),
    )
    record("card.opened", subject=card, actor=None, about=card.about, title=card.title, said=card.said)
    return card
