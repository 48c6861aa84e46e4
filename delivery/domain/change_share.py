"""Moves a share: up by one step when nothing stands against it, down at any time; every change with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict, DomainError, GateClosed
from core.jobs import enqueue
from delivery.domain.person_words import words_of
from delivery.domain.proxy_line import line_of, tell_proxy
from delivery.models import Ramp, ShareChange, StepApproval
from delivery.models.ramp import REST
from delivery.ramp.line import share_in
from delivery.ramp_state import standing_of
from engagements.domain.lock_engagement import lock_engagement, lock_living

if TYPE_CHECKING:
    from accounts.models import User
    from discovery.models import Stream
    from engagements.models import Engagement

WHOLE = 100


@transaction.atomic
def open_ramp(
    engagement: Engagement, *, actor: User, rule: str = REST, stream: Stream | None = None, provider: str = ""
) -> Ramp:
    """Raises DomainError for a rule that has its ramp already."""
    engagement = lock_living(engagement.pk)
    require(actor, Permission.WORK_TASK, engagement.organization)
    name = words_of(rule, "Name the rule of the proxy's file, or “new” for everything that no rule decides.")[:60]
    ramps = Ramp.objects.filter(engagement=engagement)
    if there := ramps.filter(rule=name).first():
        raise DomainError(f"{there} moves this rule already.")
    number = (ramps.aggregate(latest=Max("number"))["latest"] or 0) + 1
    facts = {"rule": name, "stream": stream, "provider": provider.strip()[:80]}
    ramp = Ramp.objects.create(engagement=engagement, number=number, opened_by=actor, opened_at=timezone.now(), **facts)
    record("ramp.opened", subject=ramp, actor=actor, title=ramp.title, rule=name)
    return ramp


@transaction.atomic
def approve_step(ramp: Ramp, *, share: int, note: str, actor: User) -> StepApproval:
    """The customer's yes, by somebody whose duty is to sign the phase."""
    ramp = _lock(ramp)
    require(actor, Permission.SIGN, ramp.engagement.organization, phase=3)
    standing = standing_of(ramp)
    if share != standing.next_share:
        raise Conflict(f"The next step is {standing.next_share} %, not {share} %. Nothing was approved.")
    if standing.approval:
        raise Conflict(f"{standing.approval.approved_by} has said yes to {share} % already.")
    approval = StepApproval.objects.create(
        ramp=ramp, share=share, note=note.strip()[:2000], approved_at=timezone.now(), approved_by=actor
    )
    record("ramp.approved", subject=ramp, actor=actor, title=ramp.title, share=share)
    return approval


@transaction.atomic
def change_share(ramp: Ramp, *, share: int, why: str, actor: User) -> ShareChange:
    """Ask for another share. Raises GateClosed with everything that stands against a step up."""
    ramp = _lock(ramp)
    require(actor, Permission.WORK_TASK, ramp.engagement.organization)
    reason = words_of(why, "Say why the share changes: it goes into the record.")
    if share == ramp.share or not 0 <= share <= WHOLE:
        raise DomainError(f"The share is {ramp.share} % now. Name another one, from 0 to 100.")
    if ramp.changes.filter(state=ShareChange.State.ASKED).exists():
        raise Conflict("A change of this share is under way. Wait for it, or say that it was not done.")
    if share > ramp.share and (blockers := standing_of(ramp).against(share)):
        raise GateClosed(*blockers)
    line = line_of(ramp.engagement)
    change = ShareChange.objects.create(
        ramp=ramp,
        previous=ramp.share,
        share=share,
        why=reason,
        by_line=line is not None,
        asked_at=timezone.now(),
        asked_by=actor,
    )
    record("ramp.asked", subject=ramp, actor=actor, title=ramp.title, previous=ramp.share, share=share, why=reason)
    if line:
        enqueue("change_share", subject=change, actor=actor, key=f"share-{change.pk}")
    return change


def tell_share(change: ShareChange) -> str:
    """What the proxy says afterwards. Twice does no more than once. Raises DomainError."""
    line = line_of(change.ramp.engagement)
    if line is None:
        raise DomainError("The line to the proxy was removed. Nothing was told it.")
    status = tell_proxy(line, "set", {change.ramp.rule: change.share})
    found = share_in(status, change.ramp.rule)
    if found != change.share:
        raise DomainError(f"The proxy says {found} % after it was told {change.share} %. Look at its status.")
    return f"The proxy at {line.url} says {change.share} %."


@transaction.atomic
def settle_change(change: ShareChange, *, is_done: bool, said: str, actor: User | None) -> ShareChange:
    """By the job, or by a person who ran the command. Twice does nothing."""
    ramp = _lock(change.ramp, living=False)
    change = ShareChange.objects.select_for_update().get(pk=change.pk)
    if change.state != ShareChange.State.ASKED:
        return change
    change.state = ShareChange.State.DONE if is_done else ShareChange.State.FAILED
    change.said, change.settled_at = said[:2000], timezone.now()
    change.save(update_fields=["state", "said", "settled_at"])
    action = "ramp.failed"
    if is_done:
        action, ramp.share, ramp.share_since = "ramp.changed", change.share, change.settled_at
        ramp.save(update_fields=["share", "share_since"])
    facts = {"previous": change.previous, "share": change.share, "why": change.why}
    record(action, subject=ramp, actor=actor, title=ramp.title, said=change.said, **facts)
    return change


@transaction.atomic
def confirm_change(change: ShareChange, *, is_done: bool, actor: User) -> ShareChange:
    """Raises Conflict where the portal tells the proxy by itself."""
    require(actor, Permission.WORK_TASK, change.ramp.engagement.organization)
    if change.by_line:
        raise Conflict("The portal tells the proxy this change by itself. Wait for what the proxy says.")
    said = f"{actor} ran the command." if is_done else f"{actor} says that it was not done."
    return settle_change(change, is_done=is_done, said=said, actor=actor)


def _lock(ramp: Ramp, *, living: bool = True) -> Ramp:
    (lock_living if living else lock_engagement)(ramp.engagement_id)
    return (
        Ramp.objects.select_for_update(of=("self",))
        .select_related("engagement__organization", "stream")
        .get(pk=ramp.pk)
    )
