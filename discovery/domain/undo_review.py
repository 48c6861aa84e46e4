from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.dateparse import parse_datetime

from core.audit import record
from core.errors import Conflict
from discovery.domain.lock_finding import CHANGED, lock_finding, lock_for_review, reopen, save_review, touch
from discovery.domain.review_several import FIELDS
from discovery.models import Finding, ReviewStep
from engagements.domain.mark_stale import mark_stale

if TYPE_CHECKING:
    import uuid

    from accounts.models import User
    from engagements.models import Engagement


@dataclass(frozen=True, slots=True)
class Undone:
    """What is as it was before the act, and what somebody changed since and was left alone."""

    act: ReviewStep.Act
    findings: tuple[Finding, ...]
    left_alone: tuple[Finding, ...]


@transaction.atomic
def undo_review(finding: Finding, *, actor: User, version: int) -> Finding:
    """Take back an acceptance or a dismissal; class, impact and proposal stay. Raises Conflict if it is open."""
    finding = lock_finding(finding, actor=actor, version=version)
    if finding.state == Finding.State.OPEN:
        raise Conflict(f"{finding.reference} is open already.")
    before = finding.state
    reopen(finding)
    save_review(finding, actor=actor)
    record("finding.review_undone", subject=finding, actor=actor, before=before)
    mark_stale(finding.engagement, actor=actor)
    return finding


@transaction.atomic
def undo_batch(engagement: Engagement, *, batch: uuid.UUID, actor: User) -> Undone:
    """Take back one act. Findings that changed since are left as they are, and named in the answer."""
    engagement = lock_for_review(engagement.pk, actor=actor)
    found = ReviewStep.objects.filter(batch=batch, finding__engagement=engagement)
    steps = {step.finding_id: step for step in found}
    locked = Finding.objects.filter(pk__in=steps).select_for_update(of=("self",)).order_by("number")
    findings = list(locked.select_related("changed_by"))
    undone = [finding for finding in findings if finding.version == steps[finding.pk].version]
    if not undone:
        raise Conflict(
            "There is nothing left to undo: it was taken back already, or these findings were changed since."
        )
    for finding in undone:
        _restore(finding, steps[finding.pk], actor)
    Finding.objects.bulk_update(undone, [*FIELDS, *CHANGED], batch_size=200)
    for finding in undone:
        record("finding.review_undone", subject=finding, actor=actor, act=steps[finding.pk].act, batch=str(batch))
    ReviewStep.objects.filter(pk__in=[step.pk for step in steps.values()]).delete()
    mark_stale(engagement, actor=actor)
    act = ReviewStep.Act(next(iter(steps.values())).act)
    return Undone(act, tuple(undone), tuple(finding for finding in findings if finding not in undone))


def _restore(finding: Finding, step: ReviewStep, actor: User) -> None:
    for column, value in step.before.items():
        setattr(finding, column, parse_datetime(value) if value and column == "decided_at" else value)
    touch(finding, actor)
