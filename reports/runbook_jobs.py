"""The PDF of a runbook, drawn by a worker. Loaded by ReportsConfig.ready()."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from core.jobs import Handle, JobKind, job
from reports.domain.request_runbook_paper import DRAW_RUNBOOK, Drawing, drawing_of, keep_runbook_paper
from reports.models import RunbookRevision


def _revision_of(handle: Handle) -> RunbookRevision:
    revisions = RunbookRevision.objects.select_related("engagement__organization", "drawn_up_by")
    revision: RunbookRevision = revisions.get(pk=handle.job.subject_id)
    return revision


@job(DRAW_RUNBOOK, label="Drawing the runbook")
class DrawRunbook(JobKind[Drawing]):
    """Drawn first, kept in the transaction that ends the job."""

    def prepare(self, handle: Handle) -> Drawing:
        handle.progress(0, 1, "Laying out the pages")
        return drawing_of(_revision_of(handle))

    def apply(self, handle: Handle, result: Drawing) -> dict[str, Any]:
        actor = handle.actor if isinstance(handle.actor, User) else None
        paper = keep_runbook_paper(_revision_of(handle), result, actor=actor)
        return {"digest": paper.digest, "pages": paper.page_count}
