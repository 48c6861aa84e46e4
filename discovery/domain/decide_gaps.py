from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission
from core.audit import record
from core.errors import DomainError
from discovery.domain.lock_gaps import LONGEST_NOTE, MOST_SENTENCES, lock_gaps, refuse_to_reopen, save_gaps
from discovery.domain.mask_words import mask_words
from discovery.gap_choices import load_choices
from discovery.gap_words import in_a_sentence
from discovery.models import Gap
from engagements.domain.mark_stale import mark_stale

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from accounts.models import User
    from engagements.models import Engagement

DECIDED = ("choice", "note", "decided_by", "decided_at", "reopened_because")


@transaction.atomic
def decide_gaps(
    engagement: Engagement,
    *,
    versions: Mapping[int, int],
    choice: str,
    actor: User,
    note: str = "",
    is_reopening: bool = False,
) -> list[Gap]:
    """One decision of the customer's for one gap or several, by number and the version that was on screen.

    Under a plan that is out for signature or signed it takes `is_reopening`, and opens phase 1 again.
    """
    gaps = lock_gaps(engagement, versions=versions, actor=actor, permission=Permission.DECIDE_GAP)
    refuse_choice(gaps, choice)
    note = mask_words(note.strip())
    if len(note) > LONGEST_NOTE:
        raise DomainError(f"A note has at most {LONGEST_NOTE:,} characters.")
    refuse_to_reopen(engagement, is_reopening=is_reopening)
    for gap in gaps:
        was = [gap.choice, gap.note]
        gap.choice, gap.note, gap.reopened_because = choice, note, ""
        gap.decided_by, gap.decided_at = actor, timezone.now()
        row = gap.row
        seen = {"line": row.value, "place": row.place, "class": row.letter, "loss": row.loss}
        word = in_a_sentence(gap.get_choice_display())
        now = [gap.choice, gap.note]
        record("gap.decided", subject=gap, actor=actor, choice=word, was=was, now=now, seen=seen)
    save_gaps(gaps, actor=actor, fields=DECIDED)
    mark_stale(gaps[0].engagement, actor=actor)
    return gaps


def refuse_choice(gaps: Sequence[Gap], choice: str) -> None:
    """Raise DomainError for what is no choice, or not on offer on the target of one of them."""
    if choice not in Gap.Choice.values:
        raise DomainError(f"Choose what is done: {', '.join(map(in_a_sentence, Gap.Choice.labels))}.")
    targets = load_choices()[choice].targets
    if wrong := [gap for gap in gaps if gap.target not in targets]:
        names = ", ".join(gap.reference for gap in wrong[:MOST_SENTENCES])
        title = Gap.Choice(choice).label
        raise DomainError(f"Nothing was changed. {title} is not on offer on {wrong[0].get_target_display()}: {names}.")


@transaction.atomic
def withdraw_decisions(
    engagement: Engagement, *, versions: Mapping[int, int], actor: User, is_reopening: bool = False
) -> list[Gap]:
    """Take decisions back, so that the gaps wait again. The same confirmation as for a change."""
    gaps = lock_gaps(engagement, versions=versions, actor=actor, permission=Permission.DECIDE_GAP)
    if undecided := [gap.reference for gap in gaps if not gap.choice]:
        raise DomainError(f"Nothing was changed. There is no decision to take back on {', '.join(undecided[:10])}.")
    refuse_to_reopen(engagement, is_reopening=is_reopening)
    for gap in gaps:
        record("gap.withdrawn", subject=gap, actor=actor, was=[gap.choice, gap.note])
        gap.choice, gap.note, gap.decided_by, gap.decided_at = "", "", None, None
    save_gaps(gaps, actor=actor, fields=DECIDED)
    mark_stale(gaps[0].engagement, actor=actor)
    return gaps
