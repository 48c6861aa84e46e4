"""The close report, drawn by a worker. Loaded by ReportsConfig.ready()."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from accounts.models import User
from core.jobs import Handle, JobKind, job
from engagements.domain.announce_failure import announce_failure
from engagements.models import Engagement
from reports.domain.issue_close_report import ISSUE_CLOSE_REPORT, PreparedReport, issue_report, prepare_report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.models import Job


def _engagement_of(handle: Handle) -> Engagement:
    engagements = Engagement.objects.select_related("organization")
    engagement: Engagement = engagements.get(pk=handle.job.subject_id)
    return engagement


@job(ISSUE_CLOSE_REPORT, label="Writing the close report")
class IssueCloseReport(JobKind[PreparedReport]):
    """Drawn first, filed in the transaction that ends the job."""

    def prepare(self, handle: Handle) -> PreparedReport:
        handle.progress(0, 1, "Laying out the pages")
        return prepare_report(_engagement_of(handle), str(handle.job.arguments["language"]))

    def apply(self, handle: Handle, result: PreparedReport) -> dict[str, Any]:
        if not isinstance(handle.actor, User):
            raise TypeError("a close report is asked for by a person, or follows the signature of one")
        document = issue_report(_engagement_of(handle), result, actor=handle.actor)
        return {"document": document.pk, "digest": document.digest, "pages": document.page_count}

    def give_up(self, job: Job, reasons: Sequence[str]) -> None:
        engagement = Engagement.objects.get(pk=job.subject_id)
        path = reverse("handoff:list", args=[engagement.code])
        announce_failure(job, about=f"the close report ({engagement.code})", path=path, reasons=reasons)
