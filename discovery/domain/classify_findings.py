from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import DomainError
from discovery.domain.review_several import Act, Reviewed, review_several
from discovery.models import ReviewStep, TranslationClass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from discovery.models import Finding
    from engagements.models import Engagement


def classify_findings(engagement: Engagement, *, versions: Mapping[int, int], letter: str, actor: User) -> Reviewed:
    """Give several findings their class: N, R, C, X. Accepting them is another act."""
    if letter not in TranslationClass.values:
        raise DomainError("The class is native, rewrite, custom or gap.")

    def change(finding: Finding) -> None:
        finding.translation_class = letter

    act = Act(
        ReviewStep.Act.CLASSIFY,
        "finding.classified",
        change=change,
        is_decision=False,
        said={"translation_class": TranslationClass(letter).label},
    )
    return review_several(engagement, versions=versions, act=act, actor=actor)
