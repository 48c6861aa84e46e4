"""The close report: asked for while an engagement is closing or is over, drawn by a worker, and filed for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.permissions import Permission, require
from core.audit import digest_of, record
from core.documents import RenderedDocument, render_sealed
from core.errors import Conflict, DomainError
from core.jobs import enqueue
from core.languages import LANGUAGES
from engagements.domain.file_paper import Paper, file_paper
from engagements.domain.lock_engagement import lock_engagement
from engagements.models import Engagement, FrozenDocument
from reports.closing.content import close_content

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from accounts.models import User
    from core.models import Job

ISSUE_CLOSE_REPORT = "issue_close_report"
KIND = FrozenDocument.Kind.CLOSE_REPORT
CLOSING = (Engagement.Phase.MONITORING, Engagement.Phase.COMPLETED)


@dataclass(frozen=True, slots=True)
class PreparedReport:
    """A report as it was drawn, not yet filed."""

    language: str
    version: int
    at: datetime
    content: dict[str, Any]
    rendered: RenderedDocument


def reference_in(engagement: Engagement, language: str) -> str:
    """One for each language, so that no version in one takes the place of one in another."""
    return f"{engagement.code}-CLOSE-{language.upper()}"


@transaction.atomic
def request_close_report(engagement: Engagement, *, language: str, actor: User) -> Job:
    """While it is drawn, asking again returns the same job.

    Raises DomainError for another language, Conflict before phase 5, and when the newest one says it all already.
    """
    engagement = lock_engagement(engagement.pk)
    require(actor, Permission.FREEZE, engagement.organization)
    if language not in LANGUAGES:
        raise DomainError(f"The close report is written in {' or '.join(LANGUAGES.values())}. Choose one of them.")
    if engagement.phase not in CLOSING:
        raise Conflict(
            f"{engagement.code} is at “{engagement.get_phase_display()}”. The close report is made from phase 5 on, "
            "once there is something to measure. Nothing was built."
        )
    newest = newest_report(engagement, language)
    if newest and newest.snapshot_digest == digest_of(close_content(engagement, language)):
        raise Conflict(
            f"Version {newest.version} in {LANGUAGES[language]} says what the records say. Nothing was built."
        )
    return enqueue_report(engagement, language=language, actor=actor)


def enqueue_report(engagement: Engagement, *, language: str, actor: User) -> Job:
    """Part of the transaction that asks for it, or that ends the engagement."""
    key = f"close-{engagement.pk}-{language}"
    return enqueue(ISSUE_CLOSE_REPORT, subject=engagement, actor=actor, key=key, language=language)


def newest_report(engagement: Engagement, language: str) -> FrozenDocument | None:
    newest: FrozenDocument | None = _reports(engagement, language).defer("pdf").order_by("-version").first()
    return newest


def _reports(engagement: Engagement, language: str) -> QuerySet[FrozenDocument]:
    return FrozenDocument.objects.filter(engagement=engagement, reference=reference_in(engagement, language))


def prepare_report(engagement: Engagement, language: str) -> PreparedReport:
    """Draw and seal the next version. Slow, writes nothing."""
    content, at, version = close_content(engagement, language), timezone.now(), _next_version(engagement, language)
    stamp = {
        "reference": reference_in(engagement, language),
        "version": version,
        "organization": engagement.organization.name,
        "snapshot_digest": digest_of(content),
        "made_at": at.isoformat(),
    }
    return PreparedReport(
        language, version, at, content, render_sealed(KIND.value, {"stamp": stamp, "content": content})
    )


def _next_version(engagement: Engagement, language: str) -> int:
    latest: int | None = _reports(engagement, language).aggregate(latest=Max("version"))["latest"]
    return (latest or 0) + 1


@transaction.atomic
def issue_report(engagement: Engagement, prepared: PreparedReport, *, actor: User) -> FrozenDocument:
    """File it. Raises Conflict when somebody filed another version meanwhile."""
    engagement = lock_engagement(engagement.pk)
    language = prepared.language
    if prepared.version != _next_version(engagement, language):
        raise Conflict(f"Version {prepared.version} was filed by somebody else meanwhile. Nothing was stored twice.")
    paper = Paper(
        kind=KIND,
        reference=reference_in(engagement, language),
        version=prepared.version,
        title=str(KIND.label),
        content=prepared.content,
        rendered=prepared.rendered,
    )
    document = file_paper(engagement, paper, actor=actor, at=prepared.at)
    said = {"language": LANGUAGES[language], "version": document.version, "digest": document.digest}
    record("document.close_report_issued", subject=document, actor=actor, **said)
    return document
