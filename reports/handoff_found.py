"""What the page and the routes of the handoff pack find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.downloads import attachment
from discovery.views.found import find_estate
from reports.domain.request_handoff import take_handoff
from reports.handoff.recurring import TABLES, RecurringTask, recurring_tasks
from reports.handoff.rows import some_rows_of
from reports.models import HandoffPack

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.reader import AnyRequest
    from engagements.models import Engagement

ZIP = "application/zip"


def find_pack(request: AnyRequest, engagement: Engagement) -> HandoffPack | None:
    """Without its bytes; None before the first."""
    packs = HandoffPack.objects.visible_to(reader_of(request)).filter(engagement=engagement)
    found: HandoffPack | None = packs.select_related("engagement__organization", "made_by").defer("content").first()
    return found


def take_pack(request: AnyRequest, code: str) -> HttpResponse:
    """The ZIP to keep. 404 before one was made."""
    engagement = find_estate(request, code)
    require(reader_of(request), Permission.TAKE_HANDOFF, engagement.organization)
    pack = find_pack(request, engagement)
    if pack is None:
        raise Http404("no handoff pack was made yet")
    return attachment(take_handoff(pack, actor=reader_of(request)), ZIP, f"{engagement.code}-handoff.zip")


def tasks_of(engagement: Engagement) -> list[RecurringTask]:
    return recurring_tasks(some_rows_of(engagement, *TABLES))
