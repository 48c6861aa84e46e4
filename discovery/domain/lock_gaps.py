from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.permissions import require
from core.errors import Conflict, DomainError
from core.wording import told
from discovery.gaps import targets_of
from discovery.models import Gap
from engagements.domain.lock_engagement import lock_engagement, refuse_ended
from engagements.models import Gate

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from accounts.models import User
    from accounts.permissions import Permission
    from engagements.models import Engagement

MOST_SENTENCES = 10
LONGEST_NOTE = 2000
OVER_THE_PLAN = (Gate.State.SUBMITTED, Gate.State.SIGNED)


def lock_gaps(engagement: Engagement, *, versions: Mapping[int, int], actor: User, permission: Permission) -> list[Gap]:
    """The chosen gaps, by number, under the engagement's lock and as they were on screen; all of them or none.

    Raises Refused, DomainError (unknown or none) or Conflict, with who and when, for what was changed since.
    """
    engagement = lock_engagement(engagement.pk)
    require(actor, permission, engagement.organization)
    refuse_ended(engagement)
    if not versions:
        raise DomainError("Select at least one line first.")
    chosen = Gap.objects.filter(engagement=engagement, number__in=versions).on(targets_of(engagement))
    rows = chosen.select_related("row__translation", "changed_by")
    gaps = list(rows.select_for_update(of=("self",)).order_by("number"))
    for gap in gaps:
        gap.engagement = engagement
    _refuse_what_moved(gaps, versions)
    return gaps


def _refuse_what_moved(gaps: Collection[Gap], versions: Mapping[int, int]) -> None:
    if unknown := sorted(set(versions) - {gap.number for gap in gaps}):
        numbers = ", ".join(f"G-{number:03}" for number in unknown[:MOST_SENTENCES])
        raise DomainError(f"Nothing was changed. The latest translation has no such gap: {numbers}.")
    if moved := [gap for gap in gaps if gap.version != versions[gap.number]]:
        raise Conflict(*(who_changed(gap) for gap in moved[:MOST_SENTENCES]))


def who_changed(gap: Gap) -> str:
    """Who was first, in a sentence."""
    now = f"it is “{gap.get_choice_display()}” now" if gap.choice else "it has no decision now"
    return f"{gap.changed_by or 'Gatepost'} changed {gap.reference} on {told(gap.changed_at)}: {now}."


def refuse_to_reopen(engagement: Engagement, *, is_reopening: bool) -> None:
    """Raise DomainError where a plan with these decisions is out for signature or signed, unless that is meant."""
    if not is_reopening and is_plan_out(engagement):
        raise DomainError(
            "Nothing was changed. The plan with these decisions is out for signature or signed. Confirm that "
            "phase 1 is opened again: a new version has to be frozen and signed."
        )


def is_plan_out(engagement: Engagement) -> bool:
    """Whether a changed decision opens phase 1 again."""
    return engagement.gates.filter(number=1, state__in=OVER_THE_PLAN).exists()


def save_gaps(gaps: Sequence[Gap], *, actor: User, fields: Collection[str]) -> None:
    """Save each as a new version, so that every page with the earlier text is out of date."""
    for gap in gaps:
        gap.version += 1
        gap.changed_by, gap.changed_at = actor, timezone.now()
        gap.save(update_fields=[*fields, "version", "changed_by", "changed_at"])
