from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission
from core.audit import record
from core.errors import Conflict, DomainError
from discovery.domain.decide_gaps import refuse_choice
from discovery.domain.lock_gaps import LONGEST_NOTE, MOST_SENTENCES, lock_gaps, save_gaps
from discovery.domain.mask_words import mask_words
from discovery.gap_words import in_a_sentence
from engagements.domain.mark_stale import mark_stale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from discovery.models import Gap
    from engagements.models import Engagement

RECOMMENDED = ("recommended", "recommendation", "recommended_by", "recommended_at")


@transaction.atomic
def recommend_choice(
    engagement: Engagement, *, versions: Mapping[int, int], choice: str, reason: str, actor: User
) -> list[Gap]:
    """What the consultancy would do, and why, for gaps that wait for the customer. After the decision it stays."""
    gaps = lock_gaps(engagement, versions=versions, actor=actor, permission=Permission.REVIEW)
    refuse_choice(gaps, choice)
    reason = mask_words(reason.strip())
    if not reason:
        raise DomainError("Say why: the reason is the first thing the customer reads.")
    if len(reason) > LONGEST_NOTE:
        raise DomainError(f"A reason has at most {LONGEST_NOTE:,} characters.")
    if decided := [gap.reference for gap in gaps if gap.choice]:
        names = ", ".join(decided[:MOST_SENTENCES])
        raise Conflict(f"The customer has decided on {names} already. Nothing was changed.")
    for gap in gaps:
        was = [gap.recommended, gap.recommendation]
        gap.recommended, gap.recommendation = choice, reason
        gap.recommended_by, gap.recommended_at = actor, timezone.now()
        now = [gap.recommended, gap.recommendation]
        word = in_a_sentence(gap.get_recommended_display())
        record("gap.recommended", subject=gap, actor=actor, choice=word, was=was, now=now)
    save_gaps(gaps, actor=actor, fields=RECOMMENDED)
    mark_stale(gaps[0].engagement, actor=actor)
    return gaps
