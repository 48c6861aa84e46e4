from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core.errors import DomainError
from discovery.domain.lock_finding import decide, lock_for_review
from discovery.domain.review_several import Act, Reviewed, review_several
from discovery.estate import finding_reference
from discovery.models import Finding, ReviewStep

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from accounts.models import User
    from engagements.models import Engagement


@transaction.atomic
def merge_duplicates(engagement: Engagement, *, versions: Mapping[int, int], into: int, actor: User) -> Reviewed:
    """Dismiss findings as duplicates of the one with the number `into`, and keep the link to it.

    The one that stays may be among those selected. Raises DomainError for one that is dismissed, gone or unknown, and
    for a finding that has duplicates of its own: a chain would lead nowhere once its middle opens again.
    """
    engagement = lock_for_review(engagement.pk, actor=actor)
    kept = _kept(engagement, into)
    act = Act(
        ReviewStep.Act.MERGE,
        "finding.merged",
        change=lambda finding: _merge(finding, kept, actor),
        refuse=_refuse_heads,
        said={"into": kept.reference, "reason": Finding.Dismissal.DUPLICATE.label},
    )
    merged = {number: version for number, version in versions.items() if number != into}
    if versions and not merged:
        raise DomainError(f"Select the duplicates of {kept.reference}; it cannot be merged into itself.")
    return review_several(engagement, versions=merged, act=act, actor=actor)


def _kept(engagement: Engagement, number: int) -> Finding:
    kept = Finding.objects.filter(engagement=engagement, number=number).first()
    if kept is None:
        raise DomainError(f"There is no finding {finding_reference(number)} here to merge into.")
    if kept.is_gone or kept.state == Finding.State.DISMISSED:
        state = "gone" if kept.is_gone else "dismissed"
        raise DomainError(f"{kept.reference} is {state}: merge into a finding that stands.")
    return kept


def _merge(finding: Finding, kept: Finding, actor: User) -> None:
    decide(finding, Finding.State.DISMISSED, actor, dismissal=Finding.Dismissal.DUPLICATE)
    finding.duplicate_of = kept


def _refuse_heads(findings: Sequence[Finding]) -> None:
    heads = Finding.objects.filter(duplicates__isnull=False, pk__in=[finding.pk for finding in findings]).distinct()
    if named := [finding.reference for finding in heads.order_by("number")]:
        raise DomainError(f"Others were merged into {', '.join(named)}. Open those again first, then merge.")
