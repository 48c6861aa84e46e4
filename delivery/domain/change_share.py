"""Moves a share: up by one step when nothing stands against it, down at any time; every change with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict, DomainError, GateClosed
from core.jobs import enqueue
from core.models import Job
from core.numbering import next_number
from delivery.domain.announce import announce_approval, announce_share
from delivery.domain.person_words import words_of
from delivery.domain.proxy_line import known_shares, line_of, required_line, tell_proxy
from delivery.models import Ramp, Rollback, ShareChange, StepApproval
from delivery.models.ramp import REST
from delivery.ramp.book import WHOLE
from delivery.ramp.line import share_in
from delivery.ramp_state import shares_of, standing_of
from engagements.domain.lock_engagement import lock_engagement, lock_living

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from delivery.models import ProxyLine
    from discovery.models import Stream
    from engagements.models import Engagement


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
    number = next_number(ramps)
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
        ramp=ramp,
        share=share,
        note=words_of(note, "")[:2000] if note.strip() else "",
        approved_at=timezone.now(),
        approved_by=actor,
    )
    record("ramp.approved", subject=ramp, actor=actor, title=ramp.title, share=share)
    announce_approval(approval)
    return approval


@transaction.atomic
def change_share(ramp: Ramp, *, share: int, why: str, actor: User) -> ShareChange:
    """Ask for another share. Raises GateClosed with everything that stands against a step up."""
    ramp = _lock(ramp)
    require(actor, Permission.WORK_TASK, ramp.engagement.organization)
    reason = words_of(why, "Say why the share changes: it goes into the record.")
    if share == ramp.share or not 0 <= share <= WHOLE:
        raise DomainError(f"The share is {ramp.share} % now. Name another one, from 0 to 100.")
    if running := Rollback.objects.running().filter(engagement=ramp.engagement).first():
        raise Conflict(f"{running} is under way. No share changes before its end.")
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


@dataclass(frozen=True, slots=True)
class Told:
    """What telling the proxy came to; None where nobody knows whether it did as told."""

    is_done: bool | None
    said: str


def tell_share(change: ShareChange, *, asked_at: datetime) -> Told:
    """Twice does no more than once: one that is settled by now is told nobody."""
    try:
        return _tell(change, asked_at)
    except DomainError as refusal:
        return Told(is_done=False, said=" ".join(refusal.reasons))


def _tell(change: ShareChange, asked_at: datetime) -> Told:
    """Raises DomainError while the proxy has certainly not done it."""
    ramp = change.ramp
    if not ShareChange.objects.filter(pk=change.pk, state=ShareChange.State.ASKED).exists():
        raise DomainError("This change was settled meanwhile. Nothing was told the proxy.")
    if running := Rollback.objects.running().filter(engagement=ramp.engagement).first():
        raise DomainError(f"{running} is under way. Nothing was told the proxy.")
    line = required_line(ramp.engagement)
    shares = known_shares(line, shares_of(ramp.engagement))
    try:
        words = {**shares, ramp.rule: change.share, "keep_rollback": True}
        status = tell_proxy(line, "set", words, asked_at=asked_at)
    except DomainError as refusal:
        return _seen_afterwards(line, change, " ".join(refusal.reasons))
    found = share_in(status, ramp.rule)
    if found != change.share:
        raise DomainError(f"The proxy says {found} % after it was told {change.share} %. Look at its status.")
    return Told(is_done=True, said=f"The proxy at {line.url} says {change.share} %.")


def _seen_afterwards(line: ProxyLine, change: ShareChange, said: str) -> Told:
    """It may have done as told and lost its answer: its status says so, or nobody knows."""
    try:
        found = share_in(tell_proxy(line, "status"), change.ramp.rule)
    except DomainError:
        return Told(is_done=None, said=said)
    return Told(is_done=found == change.share, said=f"{said} Asked afterwards, it says {found} %.")


@transaction.atomic
def note_unknown(change: ShareChange, *, said: str) -> ShareChange:
    """Nobody knows what the proxy did: somebody looks at its status, and says here what it says."""
    ramp = _lock(change.ramp, living=False)
    change = ShareChange.objects.select_for_update().get(pk=change.pk)
    if change.state == ShareChange.State.ASKED:
        change.said = said[:2000]
        change.save(update_fields=["said"])
        record("ramp.silent", subject=ramp, actor=None, title=ramp.title, share=change.share, said=change.said)
    return change


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
    if is_done:
        announce_share(change)
    return change


@transaction.atomic
def confirm_change(change: ShareChange, *, is_done: bool, actor: User) -> ShareChange:
    """Raises Conflict as long as the portal is telling the proxy by itself."""
    require(actor, Permission.WORK_TASK, change.ramp.engagement.organization)
    if change.by_line and not _is_unknown(change):
        raise Conflict("The portal tells the proxy this change by itself. Wait for what the proxy says.")
    did = "saw that the proxy did it" if change.by_line else "ran the command"
    said = f"{actor} {did}." if is_done else f"{actor} says that it was not done."
    return settle_change(change, is_done=is_done, said=said, actor=actor)


def _is_unknown(change: ShareChange) -> bool:
    """The portal told the proxy, does so no longer, and does not know what came of it."""
    is_asked = change.state == ShareChange.State.ASKED
    return is_asked and bool(change.said) and not Job.objects.of(change).unfinished().exists()


def _lock(ramp: Ramp, *, living: bool = True) -> Ramp:
    (lock_living if living else lock_engagement)(ramp.engagement_id)
    return (
        Ramp.objects.select_for_update(of=("self",))
        .select_related("engagement__organization", "stream")
        .get(pk=ramp.pk)
    )
