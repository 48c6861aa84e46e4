"""The constructs that no rule translates by itself, over all configurations: which rule is worth writing next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from discovery.models import TranslatedConstruct

if TYPE_CHECKING:
    from discovery.models.translation import TranslatedConstructQuerySet
    from reports.portfolio.facts import EngagementFacts, Facts

Letter = TranslatedConstruct.Letter
NOT_AUTOMATIC = (Letter.UNCLASSIFIED, Letter.GAP, Letter.CUSTOM)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Construct:
    """How many engagements have it, of all that are translated to their target, and how often in all of them."""

    kind: str
    name: str
    engagements: int
    among: int
    times: int


def constructs_of(facts: Facts, most: int = SHOWN) -> list[Construct]:
    """Those of most engagements first. Of each engagement the newest translation to its target counts."""
    sets = [one.translated.pk for one in facts if one.translated]
    rows = _left(sets).values("kind", "name").order_by()
    told = rows.annotate(engagements=Count("translation", distinct=True), times=Count("pk"))
    return [Construct(among=len(sets), **row) for row in told.order_by("-engagements", "-times", "kind", "name")[:most]]


def with_construct(facts: Facts, kind: str, name: str) -> list[tuple[EngagementFacts, int]]:
    """The engagements that have it, each with how often."""
    sets = {one.translated.pk: one for one in facts if one.translated}
    rows = _left(list(sets)).filter(kind=kind, name=name).values("translation").order_by()
    counted = {row["translation"]: row["times"] for row in rows.annotate(times=Count("pk"))}
    return [(one, counted[pk]) for pk, one in sets.items() if pk in counted]


def _left(sets: list[int]) -> TranslatedConstructQuerySet:
    return TranslatedConstruct.objects.filter(translation__in=sets, letter__in=NOT_AUTOMATIC)
