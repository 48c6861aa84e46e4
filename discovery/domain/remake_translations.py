"""Has translations made again where an override begins or ends to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.guard.door import without_guard
from discovery.domain.make_translation import queue_translation
from discovery.models import TranslatedConstruct, TranslationSet, Upload
from engagements.models import Engagement
from engagements.steps import OVER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from discovery.models import DictionaryOverride

ALSO = {"parameter": ("parameter", "override")}  # an option of a service is looked up as the parameter it sets


def remake_translations(override: DictionaryOverride, *, actor: User) -> int:
    """A job for each engagement whose newest map holds such a construct, also of customers the actor does not see.

    How many that are.
    """
    with without_guard():
        concerned = [engagement for engagement in engagements_with(override) if _is_uploaded(engagement)]
        for engagement in concerned:
            queue_translation(engagement, actor=actor)
    return len(concerned)


def engagements_with(override: DictionaryOverride) -> Iterable[Engagement]:
    rows = TranslatedConstruct.objects.filter(
        kind__in=ALSO.get(override.kind, (override.kind,)),
        name=override.name,
        translation__in=TranslationSet.objects.newest_of_each(),
    )
    said = rows.values_list("translation__engagement", "value")
    concerned = {engagement for engagement, value in said if override.value in {"", value.strip()}}  # as Overrides.find
    found = Engagement.objects.exclude(phase__in=OVER).filter(pk__in=concerned)
    return list(found.filter(pk=override.engagement_id) if override.engagement_id else found)


def _is_uploaded(engagement: Engagement) -> bool:
    return Upload.objects.filter(engagement=engagement).current().exists()
