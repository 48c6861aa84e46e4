"""What the page and the routes of the handoff pack find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import Http404

from accounts.permissions import Permission, allowed, require
from accounts.reader import reader_of
from core.downloads import attachment
from core.languages import LANGUAGES
from core.models import Job
from discovery.found import find_estate
from engagements.records import readable_documents
from reports.domain.issue_close_report import CLOSING, ISSUE_CLOSE_REPORT, KIND
from reports.domain.request_handoff import take_handoff
from reports.handoff.recurring import TABLES, RecurringTask, recurring_tasks
from reports.handoff.rows import some_rows_of
from reports.models import HandoffPack

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.reader import AnyRequest
    from engagements.models import Engagement, FrozenDocument

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


@dataclass(frozen=True, slots=True)
class CloseReports:
    """`newest` are the newest versions that the reader may open, one a language; `job` is the latest asked for."""

    newest: list[FrozenDocument]
    job: Job | None
    may_ask: bool
    is_time: bool
    languages: dict[str, str]


def close_reports(request: AnyRequest, engagement: Engagement) -> CloseReports:
    reader = reader_of(request)
    rows = readable_documents(reader, engagement).filter(kind=KIND).defer("pdf").order_by("reference", "-version")
    return CloseReports(
        newest=list(rows.distinct("reference")),
        job=Job.objects.of(engagement).filter(kind=ISSUE_CLOSE_REPORT).first(),
        may_ask=bool(allowed(reader, Permission.FREEZE, engagement.organization)),
        is_time=engagement.phase in CLOSING,
        languages=LANGUAGES,
    )
