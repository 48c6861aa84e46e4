from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.errors import Conflict, DomainError
from discovery.domain.lock_finding import lock_finding, lock_for_review, save_review, who_changed
from discovery.models import Finding
from engagements.domain.mark_stale import mark_stale

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from accounts.models import User
    from engagements.models import Engagement


_NAMED = 10


@dataclass(frozen=True, slots=True)
class Accepted:
    """Findings that were accepted in one act; `batch` takes it back."""

    batch: uuid.UUID
    findings: tuple[Finding, ...]


@transaction.atomic
def accept_finding(finding: Finding, *, actor: User, version: int, note: str = "") -> Finding:
    """Say that the finding holds. `version` is the one that was on screen; raises Conflict when it is another now."""
    finding = lock_finding(finding, actor=actor, version=version)
    if finding.state != Finding.State.OPEN:
        raise Conflict(who_changed(finding))
    _accept(finding, actor, batch=None, note=note)
    mark_stale(finding.engagement, actor=actor)
    return finding


@transaction.atomic
def accept_findings(engagement: Engagement, *, versions: Mapping[int, int], actor: User) -> Accepted:
    """Accept several at once, by number and the version that was on screen: all of them or, with reasons, none.

    Guesses of the parser are refused: each is looked at on its own page.
    """
    engagement = lock_for_review(engagement.pk, actor=actor)
    chosen = Finding.objects.filter(engagement=engagement, number__in=versions)
    findings = list(chosen.select_for_update(of=("self",)).select_related("changed_by").order_by("number"))
    if not versions:
        raise DomainError("Select at least one finding first.")
    _refuse_what_is_not_there(findings, versions)
    if guesses := [finding.reference for finding in findings if finding.is_guess]:
        raise DomainError(f"Guesses are accepted one by one, on their own page: {', '.join(guesses)}.")
    moved = [
        finding
        for finding in findings
        if finding.version != versions[finding.number] or finding.state != Finding.State.OPEN
    ]
    if moved:
        raise Conflict(*(who_changed(finding) for finding in moved))
    batch = uuid.uuid4()
    for finding in findings:
        finding.engagement = engagement
        _accept(finding, actor, batch=batch)
    mark_stale(engagement, actor=actor)
    return Accepted(batch, tuple(findings))


def _refuse_what_is_not_there(findings: Collection[Finding], versions: Collection[int]) -> None:
    if unknown := sorted(set(versions) - {finding.number for finding in findings}):
        numbers = ", ".join(f"F-{number:03d}" for number in unknown[:_NAMED])
        raise DomainError(f"Nothing was accepted. There is no such finding here: {numbers}.")
    if gone := [finding.reference for finding in findings if finding.is_gone]:
        raise DomainError(f"Nothing was accepted. The latest look no longer shows {', '.join(gone)}.")


def _accept(finding: Finding, actor: User, *, batch: uuid.UUID | None, note: str = "") -> None:
    finding.state, finding.batch, finding.decision_note = Finding.State.ACCEPTED, batch, note.strip()
    finding.decided_by, finding.decided_at = actor, timezone.now()
    save_review(finding, actor=actor)
    record(
        "finding.accepted",
        subject=finding,
        actor=actor,
        note=finding.decision_note,
        batch=str(batch) if batch else "",
    )
