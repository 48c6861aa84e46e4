"""How pages and the API find what an address names: always through what this reader may see, else 404."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db import models
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Organization
from accounts.permissions import require
from accounts.reader import reader_of
from engagements.elsewhere import found_or_elsewhere
from engagements.models import Engagement, Gate, LegalHold
from engagements.records import readable_documents

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.permissions import Permission
    from accounts.reader import AnyRequest
    from engagements.models import FrozenDocument

M = TypeVar("M", bound=models.Model)


def find_engagement(request: AnyRequest, code: str) -> Engagement:
    visible = Engagement.objects.visible_to(reader_of(request)).select_related("organization", "lead")
    engagement: Engagement = found_or_elsewhere(visible, reader_of(request), code, code=code)
    return engagement


def find_gate(request: AnyRequest, code: str, number: int) -> Gate:
    visible = Gate.objects.visible_to(reader_of(request)).with_document()
    visible = visible.select_related("engagement__organization", "engagement__lead")
    gate: Gate = found_or_elsewhere(visible, reader_of(request), code, engagement__code=code, number=number)
    if number > gate.engagement.last_phase:
        raise Http404("a phase that was not bought")
    return gate


def find_numbered(visible: QuerySet[M], engagement: Engagement, number: int) -> M:
    """The one of that number, which carries the engagement as it was found: it is not asked for again."""
    part: M = get_object_or_404(visible, engagement=engagement, number=number)
    part.engagement = engagement  # type: ignore[attr-defined]  # what is numbered within an engagement leads to it
    return part


def find_versions(
    request: AnyRequest, engagement: Engagement, earlier: int, later: int
) -> tuple[FrozenDocument, FrozenDocument]:
    """Two versions of one document. Raises Http404 for two documents, and where the first is the newer."""
    readable = readable_documents(reader_of(request), engagement).select_related("gate__engagement__organization")
    before = get_object_or_404(readable, pk=earlier)
    after = get_object_or_404(readable, pk=later)
    if before.reference != after.reference or before.version > after.version:
        raise Http404
    return before, after


def find_customer(request: AnyRequest, pk: int, permission: Permission) -> Organization:
    customers = Organization.objects.visible_to(reader_of(request)).customers()
    organization: Organization = get_object_or_404(customers.distinct(), pk=pk)
    require(reader_of(request), permission, organization)
    return organization


def find_hold(request: AnyRequest, organization: Organization, number: int) -> LegalHold:
    visible = LegalHold.objects.visible_to(reader_of(request)).filter(organization=organization)
    return get_object_or_404(visible.select_related("organization", "engagement", "set_by"), pk=number)
