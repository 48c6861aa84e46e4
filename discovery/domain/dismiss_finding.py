from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core.audit import record
from core.errors import Conflict, DomainError
from discovery.domain.lock_finding import decide, lock_finding, save_review, who_changed
from discovery.domain.review_several import Act, Reviewed, review_several
from discovery.models import Finding, ReviewStep
from engagements.domain.mark_stale import mark_stale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from engagements.models import Engagement


@transaction.atomic
def dismiss_finding(finding: Finding, *, actor: User, version: int, reason: str, note: str = "") -> Finding:
    """Say that the finding does not matter here, and why (`reason` is one of Finding.Dismissal).

    It stays visible to everybody, and opens again when its line changes.
    """
    finding = lock_finding(finding, actor=actor, version=version)
    if finding.state != Finding.State.OPEN:
        raise Conflict(who_changed(finding))
    said = _checked(reason, note)
    decide(finding, Finding.State.DISMISSED, actor, dismissal=reason, note=note)
    save_review(finding, actor=actor)
    record("finding.dismissed", subject=finding, actor=actor, **said)
    mark_stale(finding.engagement, actor=actor)
    return finding


def dismiss_findings(
    engagement: Engagement, *, versions: Mapping[int, int], reason: str, actor: User, note: str = ""
) -> Reviewed:
    """Dismiss several at once for the same reason: all of them or, with reasons, none."""
    act = Act(
        ReviewStep.Act.DISMISS,
        "finding.dismissed",
        change=lambda finding: decide(finding, Finding.State.DISMISSED, actor, dismissal=reason, note=note),
        refuse=lambda _: _checked(reason, note),
        said={"reason": dict(Finding.Dismissal.choices).get(reason, ""), "note": note.strip()},
    )
    return review_several(engagement, versions=versions, act=act, actor=actor)


def _checked(reason: str, note: str) -> dict[str, str]:
    """What the ledger says of a dismissal; raises DomainError while its reason is not complete."""
    if reason not in Finding.Dismissal.values:
        raise DomainError("Say why this finding is dismissed: choose a reason from the list.")
    if reason == Finding.Dismissal.ELSEWHERE and not note.strip():
        raise DomainError("Say where it is taken care of.")
    return {"reason": Finding.Dismissal(reason).label, "note": note.strip()}
