"""One act over several findings: all of them or none, each with a history entry, and a way back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.errors import Conflict, DomainError
from discovery.domain.lock_finding import CHANGED, lock_for_review, touch, who_changed
from discovery.estate import finding_reference
from discovery.models import Finding, ReviewStep
from engagements.domain.mark_stale import mark_stale

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from accounts.models import User
    from engagements.models import Engagement

# What an act may change, and what taking it back restores: columns, so that nobody is fetched for it.
COLUMNS = (
    "state",
    "dismissal",
    "decision_note",
    "decided_by_id",
    "decided_at",
    "duplicate_of_id",
    "translation_class",
    "assignee_id",
)
FIELDS = [column.removesuffix("_id") for column in COLUMNS]
_NAMED = 10


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Findings that were acted on together; `batch` takes it back."""

    act: ReviewStep.Act
    batch: uuid.UUID
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """What is done to each finding; `said` goes into the ledger. A decision is made on open findings only."""

    kind: ReviewStep.Act
    action: str
    change: Callable[[Finding], object]
    is_decision: bool = True
    refuse: Callable[[Sequence[Finding]], object] | None = None
    said: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def review_several(engagement: Engagement, *, versions: Mapping[int, int], act: Act, actor: User) -> Reviewed:
    """Act on findings by number and the version that was on screen. Raises with reasons, and then did nothing."""
    engagement = lock_for_review(engagement.pk, actor=actor)
    findings = _lock(engagement, versions)
    _refuse_what_is_not_there(findings, versions)
    if act.refuse:
        act.refuse(findings)
    _refuse_what_moved(findings, versions, is_decision=act.is_decision)
    batch = uuid.uuid4()
    steps = [_step(finding, act, actor, batch) for finding in findings]
    Finding.objects.bulk_update(findings, [*FIELDS, *CHANGED], batch_size=200)
    ReviewStep.objects.bulk_create(steps, batch_size=500)
    for finding in findings:
        record(act.action, subject=finding, actor=actor, batch=str(batch), **act.said)
    mark_stale(engagement, actor=actor)
    return Reviewed(act.kind, batch, tuple(findings))


def _step(finding: Finding, act: Act, actor: User, batch: uuid.UUID) -> ReviewStep:
    """Change the finding, and remember what it was. Nothing is saved here."""
    before = {column: getattr(finding, column) for column in COLUMNS}
    act.change(finding)
    touch(finding, actor)
    changed = {column: value for column, value in before.items() if getattr(finding, column) != value}
    return ReviewStep(
        batch=batch,
        finding=finding,
        act=act.kind,
        before=changed,
        version=finding.version,
        done_by=actor,
        done_at=timezone.now(),
    )


def _lock(engagement: Engagement, versions: Mapping[int, int]) -> list[Finding]:
    if not versions:
        raise DomainError("Select at least one finding first.")
    chosen = Finding.objects.filter(engagement=engagement, number__in=versions)
    findings = list(chosen.select_for_update(of=("self",)).select_related("changed_by").order_by("number"))
    for finding in findings:
        finding.engagement = engagement
    return findings


def _refuse_what_is_not_there(findings: Collection[Finding], versions: Collection[int]) -> None:
    if unknown := sorted(set(versions) - {finding.number for finding in findings}):
        numbers = ", ".join(finding_reference(number) for number in unknown[:_NAMED])
        raise DomainError(f"Nothing was changed. There is no such finding here: {numbers}.")
    if gone := [finding.reference for finding in findings if finding.is_gone]:
        raise DomainError(f"Nothing was changed. The latest look no longer shows {', '.join(gone[:_NAMED])}.")


def _refuse_what_moved(findings: Sequence[Finding], versions: Mapping[int, int], *, is_decision: bool) -> None:
    moved = [
        finding
        for finding in findings
        if finding.version != versions[finding.number] or (is_decision and finding.state != Finding.State.OPEN)
    ]
    if moved:
        raise Conflict(*(who_changed(finding) for finding in moved))
