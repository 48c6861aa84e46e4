from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.errors import Conflict, DomainError
from discovery.domain.lock_finding import lock_finding, save_review, who_changed
from discovery.models import Finding
from engagements.domain.mark_stale import mark_stale

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def dismiss_finding(finding: Finding, *, actor: User, version: int, reason: str, note: str = "") -> Finding:
    """Say that the finding does not matter here, and why (`reason` is one of Finding.Dismissal).

    It stays visible to everybody, and opens again when its line changes.
    """
    finding = lock_finding(finding, actor=actor, version=version)
    if finding.state != Finding.State.OPEN:
        raise Conflict(who_changed(finding))
    if reason not in Finding.Dismissal.values:
        raise DomainError("Say why this finding is dismissed: choose a reason from the list.")
    if reason == Finding.Dismissal.ELSEWHERE and not note.strip():
        raise DomainError("Say where it is taken care of.")
    finding.state, finding.dismissal, finding.decision_note = Finding.State.DISMISSED, reason, note.strip()
    finding.decided_by, finding.decided_at = actor, timezone.now()
    save_review(finding, actor=actor)
    record(
        "finding.dismissed",
        subject=finding,
        actor=actor,
        reason=Finding.Dismissal(reason).label,
        note=finding.decision_note,
    )
    mark_stale(finding.engagement, actor=actor)
    return finding
