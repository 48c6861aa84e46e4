from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core.audit import record
from core.errors import Conflict
from discovery.domain.lock_finding import lock_finding, lock_for_review, reopen, save_review
from discovery.models import Finding
from engagements.domain.mark_stale import mark_stale

if TYPE_CHECKING:
    import uuid

    from accounts.models import User
    from engagements.models import Engagement


@transaction.atomic
def undo_review(finding: Finding, *, actor: User, version: int) -> Finding:
    """Take back an acceptance or a dismissal; class, impact and proposal stay. Raises Conflict if it is open."""
    finding = lock_finding(finding, actor=actor, version=version)
    if finding.state == Finding.State.OPEN:
        raise Conflict(f"{finding.reference} is open already.")
    _undo(finding, actor)
    mark_stale(finding.engagement, actor=actor)
    return finding


@transaction.atomic
def undo_batch(engagement: Engagement, *, batch: uuid.UUID, actor: User) -> list[Finding]:
    """Take back what was accepted in one act. Findings that somebody decided on since are left as they are."""
    engagement = lock_for_review(engagement.pk, actor=actor)
    accepted = Finding.objects.filter(engagement=engagement, batch=batch, state=Finding.State.ACCEPTED)
    findings = list(accepted.select_for_update(of=("self",)).order_by("number"))
    if not findings:
        raise Conflict("There is nothing left to undo: these findings were opened or decided again meanwhile.")
    for finding in findings:
        finding.engagement = engagement
        _undo(finding, actor)
    mark_stale(engagement, actor=actor)
    return findings


def _undo(finding: Finding, actor: User) -> None:
    before, batch = finding.state, finding.batch
    reopen(finding)
    save_review(finding, actor=actor)
    record("finding.review_undone", subject=finding, actor=actor, before=before, batch=str(batch) if batch else "")
