"""Reads for the translation of an engagement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.reading import read_once
from discovery.gaps import targets_of
from discovery.models import TranslatedConstruct, TranslationSet, Upload
from discovery.reader import translator_digest
from discovery.translation_inputs import inputs_digest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from engagements.models import Engagement


def latest_sets(engagement: Engagement, reader: User) -> dict[str, TranslationSet]:
    """The newest set of each target that has one."""
    visible = TranslationSet.objects.visible_to(reader).filter(engagement=engagement)
    return {translation.target: translation for translation in visible.newest_of_each().select_related("made_by")}


def is_up_to_date(translation: TranslationSet) -> bool:
    """Whether the uploads that speak now, this dictionary and the overrides in force are those it was made from."""
    return (
        translation.translator_digest == translator_digest()
        and translation.inputs_digest == inputs_digest(translation.engagement)
        and not newer_uploads(translation)
    )


@read_once
def newer_uploads(translation: TranslationSet) -> list[Upload]:
    """Uploads that speak for a host now and that the set was not made from."""
    made_from = translation.sources.values("upload")
    return list(Upload.objects.filter(engagement=translation.engagement_id).current().exclude(pk__in=made_from))


@read_once
def sets_to_deliver(engagement: Engagement) -> list[TranslationSet]:
    """The newest set of the target that was chosen, until then of both."""
    sets = TranslationSet.objects.filter(engagement=engagement, target__in=targets_of(engagement))
    return list(sets.newest_of_each().order_by("target"))


def newer_than(sets: Iterable[TranslationSet]) -> list[Upload]:
    """Uploads that speak for a host now and that one of the sets was not made from, by number."""
    return sorted({upload for each in sets for upload in newer_uploads(each)}, key=lambda one: one.number)


def unclassified_in(sets: Iterable[TranslationSet]) -> list[TranslatedConstruct]:
    """What the dictionary does not know, each construct once although every target has it."""
    letter = TranslatedConstruct.Letter.UNCLASSIFIED
    rows = TranslatedConstruct.objects.filter(translation__in=list(sets), letter=letter)
    told = rows.select_related("upload", "translation").order_by("number")
    return list({(row.upload.host_label, row.key): row for row in told}.values())


def sets_to_compare(
    sets: list[TranslationSet], before: int, after: int, *, target: str
) -> tuple[TranslationSet, TranslationSet] | None:
    """Two sets of one target by number (0: any), the earlier first; None where there are no two.

    `sets` has the latest first. Raises KeyError for a number that is no set and for sets of different targets.
    """
    by_number = {each.number: each for each in sets}
    chosen = [by_number[number] for number in (before, after) if number]
    if len({each.target for each in chosen}) > 1:
        raise KeyError(before)
    wanted = chosen[0].target if chosen else target or (sets[0].target if sets else "")
    same = [each for each in sets if each.target == wanted]
    latest = by_number[after] if after else same[0] if same else None
    earlier = [each for each in same if latest and each.number < latest.number]
    first = by_number[before] if before else earlier[0] if earlier else None
    return (first, latest) if first and latest and first != latest else None
