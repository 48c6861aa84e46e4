"""How pages and the API of discovery find what an address names, for people who may read the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.forms import number_in
from discovery.effective_values import effective_view
from discovery.gaps import targets_of
from discovery.models import (
    DictionaryOverride,
    Dossier,
    Finding,
    Gap,
    Instance,
    LogReading,
    StoredFile,
    Stream,
    TranslatedFile,
    TranslationSet,
    Upload,
)
from discovery.tracker_items import STANDING
from discovery.translation_queries import sets_to_compare
from engagements.found import find_engagement, find_numbered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.reader import AnyRequest
    from discovery.effective_values import EffectiveFilter, EffectiveView
    from discovery.models.dictionary_override import DictionaryOverrideQuerySet
    from discovery.models.gap import GapQuerySet
    from engagements.models import Engagement


def find_estate(request: AnyRequest, code: str) -> Engagement:
    """The engagement: 404 for strangers, 403 with the reason for members who may not read the evidence."""
    engagement = find_engagement(request, code)
    require(reader_of(request), Permission.VIEW_EVIDENCE, engagement.organization)
    return engagement


def find_estate_to(permission: Permission, request: AnyRequest, code: str) -> Engagement:
    """The engagement for somebody who may do this, too; 403 with the reason for the others, whatever they sent."""
    engagement = find_estate(request, code)
    require(reader_of(request), permission, engagement.organization)
    return engagement


def find_reviewed(request: AnyRequest, code: str) -> Engagement:
    """The engagement for somebody who may review its findings."""
    return find_estate_to(Permission.REVIEW, request, code)


def find_to_add(request: AnyRequest, code: str) -> Engagement:
    """The engagement for somebody who may add to its inventory."""
    return find_estate_to(Permission.UPLOAD, request, code)


def find_to_answer(request: AnyRequest, code: str) -> Engagement:
    """The engagement for somebody who may answer; 403 with the reason for the others, whatever they sent."""
    return find_estate_to(Permission.ANSWER_TASK, request, code)


def find_decided(request: AnyRequest, code: str) -> Engagement:
    """The engagement for somebody who decides on its gaps."""
    return find_estate_to(Permission.DECIDE_GAP, request, code)


def find_upload(request: AnyRequest, engagement: Engagement, number: int) -> Upload:
    visible = Upload.objects.visible_to(reader_of(request)).select_related("job", "uploaded_by")
    return find_numbered(visible, engagement, number)


def stored_upload(upload: Upload) -> Upload:
    """The upload that holds the facts: a repeat has none of its own."""
    return upload.same_as or upload


def find_instances(request: AnyRequest, upload: Upload) -> list[Instance]:
    visible = Instance.objects.visible_to(reader_of(request)).filter(upload=stored_upload(upload))
    return list(visible.in_order())


def instance_named(instances: Sequence[Instance], name: str) -> Instance:
    """The one of that name, without a name the first; raises Http404."""
    chosen = next((each for each in instances if name in {each.name, ""}), None)
    if chosen is None:
        raise Http404
    return chosen


def find_effective_view(shown: Instance, asked: EffectiveFilter) -> EffectiveView:
    try:
        return effective_view(shown, asked.service)
    except KeyError:
        raise Http404 from None


def find_file(request: AnyRequest, upload: Upload, path: str) -> StoredFile:
    visible = StoredFile.objects.visible_to(reader_of(request)).filter(upload=upload)
    return get_object_or_404(visible, path=path)


def find_log(request: AnyRequest, engagement: Engagement, number: int) -> LogReading:
    visible = LogReading.objects.visible_to(reader_of(request)).select_related("job", "uploaded_by")
    return get_object_or_404(visible, engagement=engagement, number=number)


def find_finding(request: AnyRequest, engagement: Engagement, number: int) -> Finding:
    visible = Finding.objects.visible_to(reader_of(request)).select_related(
        "first_seen", "last_seen", "gone_since", "decided_by", "changed_by", "assignee", "duplicate_of"
    )
    return find_numbered(visible.prefetch_related(STANDING), engagement, number)


def find_to_review(request: AnyRequest, code: str, number: int) -> Finding:
    """The finding for somebody who may decide on it; 403 with the reason for the others, whatever they sent."""
    return find_finding(request, find_reviewed(request, code), number)


def find_stream(request: AnyRequest, engagement: Engagement, number: int) -> Stream:
    visible = Stream.objects.visible_to(reader_of(request)).select_related("changed_by")
    return find_numbered(visible, engagement, number)


def find_dossier(request: AnyRequest, engagement: Engagement, number: int) -> Dossier:
    visible = Dossier.objects.visible_to(reader_of(request)).select_related("last_seen", "gone_since", "changed_by")
    return find_numbered(visible, engagement, number)


def find_translation(request: AnyRequest, engagement: Engagement, number: int) -> TranslationSet:
    visible = TranslationSet.objects.visible_to(reader_of(request)).select_related("made_by")
    return get_object_or_404(visible, engagement=engagement, number=number)


def find_translated_file(request: AnyRequest, shown: TranslationSet, path: str) -> TranslatedFile:
    visible = TranslatedFile.objects.visible_to(reader_of(request)).filter(translation=shown)
    return get_object_or_404(visible, path=path)


def find_sets(
    request: AnyRequest, engagement: Engagement, sets: list[TranslationSet]
) -> tuple[TranslationSet, TranslationSet] | None:
    """404 for a number that is no set of the engagement, and for two sets of different targets."""
    before, after = (number_in(request.GET.get(name, "")) for name in ("before", "after"))
    try:
        return sets_to_compare(sets, before, after, target=engagement.target)
    except KeyError:
        raise Http404 from None


def find_gaps(request: AnyRequest, engagement: Engagement) -> GapQuerySet:
    """The gaps of the targets that may be delivered, in the order of the map."""
    visible = Gap.objects.visible_to(reader_of(request)).filter(engagement=engagement).on(targets_of(engagement))
    shown = visible.select_related("row__upload", "row__translation", "decided_by", "recommended_by", "changed_by")
    return shown.order_by("target", "row__number")


def find_overrides(request: AnyRequest) -> DictionaryOverrideQuerySet:
    """Those this reader may see, with the people and the engagement they speak of."""
    beside = ("engagement__organization", "proposed_by", "reviewed_by", "ended_by")
    return DictionaryOverride.objects.visible_to(reader_of(request)).select_related(*beside)


def find_override(request: AnyRequest, number: int) -> DictionaryOverride:
    return get_object_or_404(find_overrides(request), number=number)
