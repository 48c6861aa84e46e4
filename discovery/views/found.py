"""How a discovery page finds what its URL names, for people who may read the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404

from accounts.permissions import Permission, allowed, require
from accounts.reader import reader_of
from discovery.models import Finding, LogReading, StoredFile, TranslationSet, Upload
from engagements.views.found import find_engagement, page_context

if TYPE_CHECKING:
    from accounts.reader import AnyRequest
    from engagements.models import Engagement


def find_estate(request: AnyRequest, code: str) -> Engagement:
    """The engagement: 404 for strangers, 403 with the reason for members who may not read the evidence."""
    engagement = find_engagement(request, code)
    require(reader_of(request), Permission.VIEW_EVIDENCE, engagement.organization)
    return engagement


def find_upload(request: AnyRequest, engagement: Engagement, number: int) -> Upload:
    visible = Upload.objects.visible_to(reader_of(request)).select_related("job", "uploaded_by")
    upload = get_object_or_404(visible, engagement=engagement, number=number)
    upload.engagement = engagement
    return upload


def find_log(request: AnyRequest, engagement: Engagement, number: int) -> LogReading:
    visible = LogReading.objects.visible_to(reader_of(request)).select_related("job", "uploaded_by")
    return get_object_or_404(visible, engagement=engagement, number=number)


def find_file(request: AnyRequest, upload: Upload, path: str) -> StoredFile:
    visible = StoredFile.objects.visible_to(reader_of(request)).filter(upload=upload)
    return get_object_or_404(visible, path=path)


def find_translation(request: AnyRequest, engagement: Engagement, number: int) -> TranslationSet:
    visible = TranslationSet.objects.visible_to(reader_of(request)).select_related("made_by")
    return get_object_or_404(visible, engagement=engagement, number=number)


def find_finding(request: AnyRequest, engagement: Engagement, number: int) -> Finding:
    visible = Finding.objects.visible_to(reader_of(request)).select_related(
        "first_seen", "last_seen", "gone_since", "decided_by", "changed_by", "assignee", "duplicate_of"
    )
    finding = get_object_or_404(visible, engagement=engagement, number=number)
    finding.engagement = engagement
    return finding


def evidence_context(request: AnyRequest, engagement: Engagement, **more: Any) -> dict[str, Any]:
    """What every discovery page knows: the engagement, and what this reader may do here."""
    reader = reader_of(request)
    return page_context(
        engagement,
        may_review=bool(allowed(reader, Permission.REVIEW, engagement.organization)),
        may_upload=bool(allowed(reader, Permission.UPLOAD, engagement.organization)),
        **more,
    )


def find_to_review(request: AnyRequest, code: str, number: int) -> Finding:
    """The finding for somebody who may decide on it; 403 with the reason for the others, whatever they sent."""
    return find_finding(request, find_reviewed(request, code), number)


def find_reviewed(request: AnyRequest, code: str) -> Engagement:
    """The engagement for somebody who may review its findings."""
    engagement = find_estate(request, code)
    require(reader_of(request), Permission.REVIEW, engagement.organization)
    return engagement
