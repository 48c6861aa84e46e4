"""What the review queue reads besides its findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q
from django.utils import timezone

from discovery.models import Finding, ReviewStep, TranslationClass
from discovery.review_words import told

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from accounts.models import User
    from discovery.models.finding import FindingQuerySet
    from engagements.models import Engagement


OFFERED_FOR = timedelta(days=1)  # an act of last week is opened again on its own page, not by a key pressed in passing


@dataclass(frozen=True, slots=True)
class LastAct:
    """What a reader did last in a day, as long as it can be taken back whole or in part."""

    batch: uuid.UUID
    sentence: str
    at: datetime


def last_act(engagement: Engagement, reader: User) -> LastAct | None:
    mine = ReviewStep.objects.visible_to(reader).filter(
        finding__engagement=engagement,
        finding__version=F("version"),
        done_by=reader,
        done_at__gte=timezone.now() - OFFERED_FOR,
    )
    latest = mine.order_by("-done_at", "-pk").first()
    if latest is None:
        return None
    numbers = mine.filter(batch=latest.batch).order_by().values_list("finding__number", flat=True)
    return LastAct(latest.batch, told(ReviewStep.Act(latest.act), list(numbers)), latest.done_at)


@dataclass(frozen=True, slots=True)
class Known:
    """What an engagement has by way of findings: how many are still shown, how many are open, on which hosts."""

    total: int
    left: int
    hosts: tuple[str, ...]
    rules: tuple[str, ...]


def known_of(findings: FindingQuerySet) -> Known:
    """One look for the head of the queue and for what it is filtered by."""
    told = findings.order_by().annotate(is_shown=Q(gone_at=None))
    groups = list(told.values_list("host_label", "rule", "state", "is_shown").annotate(Count("pk")))
    shown = [(state, count) for _, _, state, is_shown, count in groups if is_shown]
    return Known(
        total=sum(count for _, count in shown),
        left=sum(count for state, count in shown if state == Finding.State.OPEN),
        hosts=tuple(sorted({host for host, *_ in groups} - {""})),
        rules=tuple(sorted({rule for _, rule, *_ in groups} - {""})),
    )


def class_counts(engagement: Engagement) -> dict[str, int]:
    """How many accepted findings have each class: {"Custom": 3}; "" are those without one."""
    accepted = Finding.objects.filter(engagement=engagement, state=Finding.State.ACCEPTED).current().order_by()
    counted = dict(accepted.values_list("translation_class").annotate(Count("pk")))
    names = dict(TranslationClass.choices)
    return {names.get(letter, ""): counted[letter] for letter in ("N", "R", "C", "X", "") if letter in counted}
