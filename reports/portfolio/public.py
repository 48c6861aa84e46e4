"""What the public page shows: figures that the owner put there, of enough cases, without a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.utils import timezone

from accounts.guard.door import without_guard
from engagements.models import Engagement
from reports.models import PublishedFigure
from reports.portfolio.book import public_definitions
from reports.portfolio.figures import figure_of
from reports.portfolio.records import facts_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from reports.portfolio.figures import Figure

KEPT_AS = "portfolio.public"
KEPT_SECONDS = 3600  # anybody may ask for the page: it is worked out once an hour


@dataclass(frozen=True, slots=True)
class PublicPage:
    """The figures with the moment at which they were worked out."""

    at: datetime
    figures: Sequence[Figure]


def published_keys() -> set[str]:
    return set(PublishedFigure.objects.values_list("key", flat=True))


def public_page() -> PublicPage | None:
    """None as long as nothing is published; without figures where none has enough cases yet.

    What is kept may be older than a withdrawal that came while it was worked out: the rows say what is shown.
    """
    keys = published_keys()
    if not keys:
        return None
    page: PublicPage | None = cache.get(KEPT_AS)
    if page is None:
        page = PublicPage(
            timezone.now(), [figure for figure in offered() if figure.key in keys and figure.is_publishable]
        )
        cache.set(KEPT_AS, page, KEPT_SECONDS)
    return PublicPage(page.at, [figure for figure in page.figures if figure.key in keys])


def forget_public() -> None:
    cache.delete(KEPT_AS)


def offered() -> list[Figure]:
    """Every figure that could be public, over the whole practice."""
    with without_guard():
        facts = facts_of(Engagement.objects.all())
        return [figure_of(definition.key, facts) for definition in public_definitions()]
