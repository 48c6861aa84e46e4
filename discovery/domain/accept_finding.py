from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import DomainError
from discovery.domain.lock_finding import decide
from discovery.domain.review_several import Act, Reviewed, review_several
from discovery.models import Finding, ReviewStep

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from accounts.models import User
    from engagements.models import Engagement


def accept_finding(finding: Finding, *, actor: User, version: int, note: str = "") -> Finding:
    """Say that the finding holds. `version` is the one that was on screen; raises Conflict when it is another now."""
    act = Act(
        ReviewStep.Act.ACCEPT,
        "finding.accepted",
        change=lambda locked: decide(locked, Finding.State.ACCEPTED, actor, note=note),
        said={"note": note.strip()},
    )
    return review_several(finding.engagement, versions={finding.number: version}, act=act, actor=actor).findings[0]


def accept_findings(engagement: Engagement, *, versions: Mapping[int, int], actor: User) -> Reviewed:
    """Accept several at once: all of them or, with reasons, none.

    Guesses of the parser are refused: each is looked at on its own page.
    """
    act = Act(
        ReviewStep.Act.ACCEPT,
        "finding.accepted",
        change=lambda finding: decide(finding, Finding.State.ACCEPTED, actor),
        refuse=_refuse_guesses,
    )
    return review_several(engagement, versions=versions, act=act, actor=actor)


def _refuse_guesses(findings: Sequence[Finding]) -> None:
    if guesses := [finding.reference for finding in findings if finding.is_guess]:
        raise DomainError(f"Guesses are accepted one by one, on their own page: {', '.join(guesses)}.")
