"""Overrides of the dictionary that begin or end to hold after a map was made, as far as they concern it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from discovery.domain.remake_translations import engagements_with
from discovery.models import DictionaryOverride

if TYPE_CHECKING:
    from collections.abc import Iterable

    from discovery.models import TranslationSet


def overrides_since(sets: Iterable[TranslationSet]) -> list[DictionaryOverride]:
    """Accepted, replaced or withdrawn since one of the sets was made, by number; an override elsewhere is none."""
    made = list(sets)
    if not made:
        return []
    oldest, engagement = min(each.made_at for each in made), made[0].engagement
    state = DictionaryOverride.State
    began = Q(state=state.ACCEPTED, reviewed_at__gt=oldest)
    ended = Q(state__in=[state.WITHDRAWN, state.REPLACED], reviewed_at__lte=oldest, ended_at__gt=oldest)
    changed = DictionaryOverride.objects.filter(began | ended).order_by("number")
    here = changed.filter(Q(engagement=None) | Q(engagement=engagement))
    return [override for override in here if engagement in engagements_with(override)]
