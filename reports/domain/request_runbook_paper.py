"""Has a worker draw the PDF of a revision, which is kept with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, require
from core.audit import record
from core.documents import render_document
from core.errors import Conflict
from core.jobs import enqueue
from reports.models import RunbookPaper, RunbookRevision
from reports.runbook_state import approvals_on

if TYPE_CHECKING:
    from accounts.models import User
    from core.documents import RenderedDocument
    from core.models import Job

RUNBOOK = "runbook"
DRAW_RUNBOOK = "draw_runbook"


@transaction.atomic
def request_runbook_paper(revision: RunbookRevision, *, actor: User) -> Job:
    """While it is drawn, asking again returns the same job. Raises Conflict when the PDF is there."""
    require(actor, Permission.VIEW_EVIDENCE, revision.engagement.organization)
    if RunbookPaper.objects.filter(revision=revision).exists():
        raise Conflict("The PDF of this revision is there already. Download it.")
    return enqueue(DRAW_RUNBOOK, subject=revision, actor=actor, key=f"runbook-{revision.pk}")


def snapshot_of(revision: RunbookRevision) -> dict[str, Any]:
    """What is printed: the content, and what is known of the revision itself when it is drawn."""
    return {
        "content": {**revision.content, "time_zone": revision.engagement.organization.time_zone},
        "stamp": {
            "reference": f"{revision.engagement.code}-{revision.key.replace('_', '-')}",
            "revision": revision.number,
            "digest": revision.digest,
            "drawn_up_at": revision.drawn_up_at.isoformat(),
            "drawn_up_by": revision.drawn_up_by.full_name,
            "review_on": revision.review_on.isoformat(),
            "approvals": approvals_on(revision),
            "drawn_at": timezone.now().isoformat(),
        },
    }


def draw_runbook(revision: RunbookRevision) -> RenderedDocument:
    return render_document(RUNBOOK, snapshot_of(revision))


@transaction.atomic
def keep_runbook_paper(revision: RunbookRevision, rendered: RenderedDocument, *, actor: User | None) -> RunbookPaper:
    paper, is_new = RunbookPaper.objects.get_or_create(
        revision=revision,
        defaults={
            "pdf": rendered.pdf,
            "page_count": rendered.page_count,
            "digest": rendered.digest,
            "drawn_at": timezone.now(),
        },
    )
    if is_new:
        record("runbook.drawn", subject=revision, actor=actor, digest=paper.digest, pages=paper.page_count)
    return paper
