"""Has a worker draw the PDF of a revision, which is kept with it, and anew when another side approves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, require
from core.audit import record
from core.documents import render_document
from core.errors import Conflict
from core.jobs import enqueue
from core.models import Job
from reports.models import RunbookPaper, RunbookRevision
from reports.runbook_state import approvals_on

if TYPE_CHECKING:
    from accounts.models import User
    from core.documents import RenderedDocument

RUNBOOK = "runbook"
DRAW_RUNBOOK = "draw_runbook"


@dataclass(frozen=True, slots=True)
class Drawing:
    """`approval_count` is how many approvals it prints at least."""

    approval_count: int
    rendered: RenderedDocument


@transaction.atomic
def request_runbook_paper(revision: RunbookRevision, *, actor: User) -> Job:
    """While it is drawn, asking again returns the same job. Raises Conflict when the PDF is there."""
    require(actor, Permission.VIEW_EVIDENCE, revision.engagement.organization)
    if RunbookPaper.objects.up_to_date(revision).exists():
        raise Conflict("The PDF of this revision is there already. Download it.")
    return _ask(revision, actor)


def redraw_runbook_paper(revision: RunbookRevision, *, actor: User) -> None:
    """Once it was approved: what was drawn before, or is being drawn, does not say so. Nothing where nobody asked."""
    is_being_drawn = Job.objects.of(revision).filter(kind=DRAW_RUNBOOK).unfinished().exists()
    # In this order: a job that has ended by then has left its paper.
    if is_being_drawn or RunbookPaper.objects.filter(revision=revision).exists():
        _ask(revision, actor)


def _ask(revision: RunbookRevision, actor: User) -> Job:
    """A job that began before an approval may have counted without it: each count has a job of its own."""
    key = f"runbook-{revision.pk}-{revision.approvals.count()}"
    return enqueue(DRAW_RUNBOOK, subject=revision, actor=actor, key=key)


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


def drawing_of(revision: RunbookRevision) -> Drawing:
    """Approvals are counted first: one that comes while it is drawn leaves it out of date, never wrongly up to date."""
    count = revision.approvals.count()
    return Drawing(count, draw_runbook(revision))


@transaction.atomic
def keep_runbook_paper(revision: RunbookRevision, drawing: Drawing, *, actor: User | None) -> RunbookPaper:
    paper, is_new = RunbookPaper.objects.get_or_create(
        revision=revision,
        approval_count=drawing.approval_count,
        defaults={
            "pdf": drawing.rendered.pdf,
            "page_count": drawing.rendered.page_count,
            "digest": drawing.rendered.digest,
            "drawn_at": timezone.now(),
        },
    )
    if is_new:
        record("runbook.drawn", subject=revision, actor=actor, digest=paper.digest, pages=paper.page_count)
    return paper
