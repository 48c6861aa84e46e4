from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import DomainError
from discovery.domain.review_several import Act, Reviewed, review_several
from discovery.models import ReviewStep
from engagements.domain.announce import team_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from discovery.models import Finding
    from engagements.models import Engagement


def person_on_the_team(engagement: Engagement, email: str) -> User | None:
    """Who has this address on the team of an engagement; nobody for an empty one. Raises DomainError for others."""
    if not email.strip():
        return None
    team = {person.email.lower(): person for person in team_of(engagement)}
    if found := team.get(email.strip().lower()):
        return found
    names = ", ".join(f"{person} ({person.email})" for person in team.values())
    raise DomainError(f"Nobody on the team of {engagement.code} has the address {email}. There are: {names}.")


def assign_findings(
    engagement: Engagement, *, versions: Mapping[int, int], assignee: User | None, actor: User
) -> Reviewed:
    """Give several findings to somebody of the consultancy on the engagement, or to nobody."""

    def refuse_strangers(_: object) -> None:
        if assignee is not None and assignee not in team_of(engagement):
            raise DomainError(f"{assignee} is not on the team of {engagement.code}. Choose somebody who is.")

    def change(finding: Finding) -> None:
        finding.assignee = assignee

    act = Act(
        ReviewStep.Act.ASSIGN,
        "finding.assigned",
        change=change,
        is_decision=False,
        refuse=refuse_strangers,
        said={"assignee": str(assignee) if assignee else "nobody"},
    )
    return review_several(engagement, versions=versions, act=act, actor=actor)
