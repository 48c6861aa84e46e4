from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.permissions import Permission, require
from core.errors import Conflict, DomainError
from core.wording import told
from discovery.models import Finding
from engagements.domain.lock_engagement import lock_engagement
from engagements.steps import OVER

if TYPE_CHECKING:
    from collections.abc import Collection

    from accounts.models import User
    from engagements.models import Engagement

DECIDED = ("state", "dismissal", "decision_note", "decided_by", "decided_at", "duplicate_of")
CHANGED = ("version", "changed_by", "changed_at")


def lock_for_review(engagement_id: int, *, actor: User) -> Engagement:
    """The engagement under its lock, for somebody who may review its findings. Raises Refused or DomainError."""
    engagement = lock_engagement(engagement_id)
    require_review(engagement, actor=actor)
    return engagement


def require_review(engagement: Engagement, *, actor: User) -> None:
    require(actor, Permission.REVIEW, engagement.organization)
    if engagement.phase in OVER:
        raise DomainError(f"This engagement is at “{engagement.get_phase_display()}”: its findings stay as they are.")


def lock_finding(finding: Finding, *, actor: User, version: int) -> Finding:
    """The finding under its lock, as the reviewer saw it. Raises Conflict, with who and when, if it changed since."""
    engagement = lock_for_review(finding.engagement_id, actor=actor)
    locked = (
        Finding.objects.select_for_update(of=("self",), no_key=True).select_related("changed_by").get(pk=finding.pk)
    )
    locked.engagement = engagement
    if locked.version != version:
        raise Conflict(who_changed(locked))
    return locked


def who_changed(finding: Finding) -> str:
    """Who was first, in a sentence."""
    who = finding.changed_by or "Gatepost"
    state = finding.get_state_display().lower()
    return f"{who} changed {finding.reference} on {told(finding.changed_at)}: it is {state} now."


def decide(finding: Finding, state: Finding.State, actor: User, *, dismissal: str = "", note: str = "") -> None:
    """Give a finding its decision. Not saved here."""
    finding.state, finding.dismissal, finding.decision_note = state, dismissal, note.strip()
    finding.decided_by, finding.decided_at = actor, timezone.now()


def touch(finding: Finding, actor: User) -> None:
    """Make every page that shows the earlier text one of an old version. Not saved here."""
    finding.version += 1
    finding.changed_by, finding.changed_at = actor, timezone.now()


def reopen(finding: Finding) -> None:
    """Take the decision off a finding. Not saved here."""
    finding.state, finding.dismissal, finding.decision_note = Finding.State.OPEN, "", ""
    finding.decided_by = finding.decided_at = finding.duplicate_of = None


def save_review(finding: Finding, *, actor: User, also: Collection[str] = ()) -> None:
    touch(finding, actor)
    finding.save(update_fields=[*DECIDED, *CHANGED, *also])
