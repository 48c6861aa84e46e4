"""What the review queue reads besides its findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, F
from django.utils import timezone

from discovery.models import Finding, ReviewStep, TranslationClass
from discovery.review_words import told

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from accounts.models import User
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


def class_counts(engagement: Engagement) -> dict[str, int]:
    """How many accepted findings have each class: {"Custom": 3}; "" are those without one."""
    accepted = Finding.objects.filter(engagement=engagement, state=Finding.State.ACCEPTED).current().order_by()
    counted = dict(accepted.values_list("translation_class").annotate(Count("pk")))
    names = dict(TranslationClass.choices)
    return {names.get(letter, ""): counted[letter] for letter in ("N", "R", "C", "X", "") if letter in counted}
