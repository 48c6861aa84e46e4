"""What the page of a large portfolio shows is worked out once in a few minutes and says when; of a small one always."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.utils import timezone

from reports.portfolio.overview import overview_of
from reports.portfolio.records import facts_of

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from reports.portfolio.overview import Overview
    from reports.portfolio.readers import Scope

KEPT_FROM = 1000  # engagements; working out fewer takes about as long as any page
KEPT_SECONDS = 300


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
    name = f"portfolio.kept.{reader.pk if scope.is_part else 'practice'}.{scope.period.key}"
    known: KeptOverview | None = cache.get(name)
    if known is not None:
        return known
    now, facts = timezone.now(), facts_of(scope.engagements)
    made = KeptOverview(now, len(facts), overview_of(facts))
    if made.is_kept:
        cache.set(name, made, KEPT_SECONDS)
    return made
