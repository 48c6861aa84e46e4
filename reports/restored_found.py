"""How pages and routes find what was restored, and the one door that refuses every change of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.models import Organization
from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.downloads import attachment
from core.errors import Conflict
from core.uploads import LargeFiles
from engagements.elsewhere import register_elsewhere
from reports.handoff.restoring import pack_restored
from reports.models import RestoredEngagement, RestoredFile

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.models import User
    from accounts.reader import AnyRequest

LARGE_PACKS = LargeFiles("HANDOFF_LIMIT_BYTES", "Have it restored on the server: ./gatepost manage restore_handoff")
OCTETS = "application/octet-stream"


def find_restored(request: AnyRequest, code: str) -> RestoredEngagement:
    visible = RestoredEngagement.objects.visible_to(reader_of(request)).select_related("restored_by")
    found: RestoredEngagement = get_object_or_404(visible, code=code)
    return found


def find_restored_file(request: AnyRequest, code: str, path: str) -> RestoredFile:
    visible = RestoredFile.objects.visible_to(reader_of(request))
    found: RestoredFile = get_object_or_404(visible, restored=find_restored(request, code), path=path)
    return found


def require_restorer(request: AnyRequest) -> None:
    require(reader_of(request), Permission.MANAGE_PRACTICE, Organization.objects.consultancy())


def take_restored(request: AnyRequest, code: str) -> HttpResponse:
    restored = find_restored(request, code)
    return attachment(pack_restored(restored), "application/zip", f"{restored.origin_code}-handoff.zip")


@register_elsewhere
def refuse_restored(reader: User, code: str) -> None:
    """Raise Conflict where the code is of a restored engagement that this reader may read."""
    restored = RestoredEngagement.objects.visible_to(reader).filter(code=code).first()
    if restored is not None:
        raise Conflict(
            f"{restored.code} was restored from a handoff pack: it is read and never changed. Nothing was changed.",
            f"It is read under {reverse('restored:page', args=[restored.code, 'overview'])}.",
        )
