from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import DomainError
from discovery.domain.lock_finding import decide
from discovery.domain.review_several import Act, Reviewed, review_several
from discovery.models import Finding, ReviewStep

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from engagements.models import Engagement


def dismiss_finding(finding: Finding, *, actor: User, version: int, reason: str, note: str = "") -> Finding:
    """Say that the finding does not matter here, and why (`reason` is one of Finding.Dismissal).

    It stays visible to everybody, and opens again when its line changes.
    """
    versions = {finding.number: version}
    return dismiss_findings(finding.engagement, versions=versions, reason=reason, actor=actor, note=note).findings[0]


def dismiss_findings(
    engagement: Engagement, *, versions: Mapping[int, int], reason: str, actor: User, note: str = ""
) -> Reviewed:
    """Dismiss several at once for the same reason: all of them or, with reasons, none."""
    act = Act(
        ReviewStep.Act.DISMISS,
        "finding.dismissed",
        change=lambda finding: decide(finding, Finding.State.DISMISSED, actor, dismissal=reason, note=note),
        refuse=lambda _: _refuse_incomplete(reason, note),
        said={"reason": dict(Finding.Dismissal.choices).get(reason, ""), "note": note.strip()},
    )
    return review_several(engagement, versions=versions, act=act, actor=actor)


def _refuse_incomplete(reason: str, note: str) -> None:
    if reason not in Finding.Dismissal.values:
        raise DomainError("Say why this finding is dismissed: choose a reason from the list.")
    if reason == Finding.Dismissal.ELSEWHERE and not note.strip():
        raise DomainError("Say where it is taken care of.")
