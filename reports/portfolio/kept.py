"""What the page of a large portfolio shows is worked out once in a few minutes and says when; of a small one always."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.utils import timezone

from engagements.models import Engagement
from pricing.figures import Period
from reports.portfolio.overview import overview_of
from reports.portfolio.records import facts_of

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from engagements.models.engagement import EngagementQuerySet
    from reports.portfolio.overview import Overview
    from reports.portfolio.readers import Scope

KEPT_FROM = 1000  # engagements; working out fewer takes about as long as any page
KEPT_SECONDS = 300
KEPT_BETWEEN_ROUNDS = 3 * KEPT_SECONDS  # a round that comes late lets nobody wait
PRACTICE = "practice"


@dataclass(frozen=True, slots=True)
class KeptOverview:
    """`at` is when it was worked out, `total` of how many engagements; a large one is kept for a while."""

    at: datetime
    total: int
    overview: Overview

    @property
    def is_kept(self) -> bool:
        return self.total >= KEPT_FROM


def kept_overview(scope: Scope, reader: User) -> KeptOverview:
    """That of the practice is the same for everybody who reads it."""
    name = _name(str(reader.pk) if scope.is_part else PRACTICE, scope.period)
    known: KeptOverview | None = cache.get(name)
    return _work_out(name, scope.engagements, KEPT_SECONDS) if known is None else known


def keep_practice() -> KeptOverview:
    """Works out anew what the page of the practice opens with."""
    return _work_out(_name(PRACTICE, Period()), Engagement.objects.all(), KEPT_BETWEEN_ROUNDS)


def _name(whose: str, period: Period) -> str:
    return f"portfolio.kept.{whose}.{period.key}"


def _work_out(name: str, engagements: EngagementQuerySet, seconds: int) -> KeptOverview:
    now, facts = timezone.now(), facts_of(engagements)
    made = KeptOverview(now, len(facts), overview_of(facts))
    if made.is_kept:
        cache.set(name, made, seconds)
    return made
