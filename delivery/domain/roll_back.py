"""Everything back to Postfix, as a drill or for real, in whatever state an engagement is. Asked why afterwards."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from django.db import transaction
from django.utils import timezone

from accounts.fresh_proof import refuse_unproved
from accounts.permissions import EITHER_SIDE, Permission, require, require_any
from core.audit import record
from core.errors import Conflict, DomainError
from core.jobs import enqueue
from core.numbering import next_number
from core.wording import span_text
from delivery import ramp as ramp_package
from delivery.domain.announce import announce_rollback, announce_rollback_ended, announce_silence
from delivery.domain.person_words import words_of
from delivery.domain.proxy_line import known_shares, line_of, required_line, tell_proxy
from delivery.domain.run_cutover import fall_back
from delivery.models import Ramp, Rollback, RollbackStep, ShareChange
from delivery.ramp_state import shares_of
from engagements.domain.lock_engagement import lock_engagement

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from core.models import Job
    from engagements.models import Engagement

BOTH_SIDES = (Permission.ORDER_ROLLBACK, *EITHER_SIDE)
OLD = "old"  # what the proxy calls the side of Postfix
_STARTS = "a rollback decides where all mail goes. Nothing was started."
_RESUMES = "resuming decides where all mail goes. The proxy was told nothing."


@cache
def steps_of_the_way_back() -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = yaml.safe_load(
        (Path(ramp_package.__path__[0]) / "rollback.yaml").read_text(encoding="utf-8")
    )
    return read


@transaction.atomic
def start_rollback(
    engagement: Engagement, *, is_drill: bool, authenticated_at: datetime | None, actor: User
) -> Rollback:
    """Starts the clock. The one that runs already is answered; a real one overtakes a drill. No state refuses it.

    Pressed again it begins nothing: the proxy is told once more what was ordered already, which needs no fresh proof.
    """
    engagement = lock_engagement(engagement.pk)
    require(actor, Permission.ORDER_ROLLBACK, engagement.organization)
    if answer := running_for(engagement, is_drill=is_drill):
        _have_it_told(answer, actor)
        return answer
    refuse_unproved(authenticated_at, _STARTS)
    for drill in Rollback.objects.running().filter(engagement=engagement):
        _end(drill, said=f"{actor} ordered a real rollback.", was_overtaken=True, actor=actor)
    rollback = _begin(engagement, is_drill=is_drill, actor=actor)
    record("rollback.started", subject=rollback, actor=actor, by_line=rollback.by_line)
    _have_it_told(rollback, actor)
    announce_rollback(rollback)
    return rollback


def running_for(engagement: Engagement, *, is_drill: bool) -> Rollback | None:
    """The one that runs and answers an order: whichever it is for a drill, only a real one for a real one."""
    running = Rollback.objects.running().filter(engagement=engagement).first()
    return running if running and (is_drill or not running.is_drill) else None


def _have_it_told(rollback: Rollback, actor: User) -> None:
    """Pressed again, the proxy is told again; the key keeps it from being told by two at once."""
    if rollback.by_line:
        enqueue("roll_back", subject=rollback, actor=actor, key=f"rollback-{rollback.pk}")


def _begin(engagement: Engagement, *, is_drill: bool, actor: User) -> Rollback:
    earlier = Rollback.objects.filter(engagement=engagement)
    rollback = Rollback.objects.create(
        engagement=engagement,
        number=next_number(earlier),
        is_drill=is_drill,
        by_line=line_of(engagement) is not None,
        started_at=timezone.now(),
        started_by=actor,
    )
    RollbackStep.objects.bulk_create(
        RollbackStep(rollback=rollback, position=position, title=row["title"], party=row["party"])
        for position, row in enumerate(steps_of_the_way_back(), start=1)
    )
    return rollback


def tell_rollback(rollback: Rollback, *, asked_at: datetime) -> str:
    """What the proxy says afterwards. Twice does no more than once. Raises DomainError."""
    line = required_line(rollback.engagement)
    status = tell_proxy(line, "rollback", asked_at=asked_at)
    if status.get("everything") != OLD:
        raise DomainError(f"The proxy at {line.url} does not say that everything goes to Postfix. Look at its status.")
    return f"The proxy at {line.url} says that everything goes to Postfix."


@transaction.atomic
def end_rollback(rollback: Rollback, *, said: str, actor: User | None) -> Rollback:
    """What the proxy said, or somebody who saw it. Twice does nothing."""
    rollback = _lock(rollback)
    return rollback if rollback.ended_at else _end(rollback, said=said, was_overtaken=False, actor=actor)


@transaction.atomic
def note_silence(rollback: Rollback, *, said: str) -> Rollback:
    """The proxy could not be told. The clock goes on: somebody has to run the command."""
    rollback = _lock(rollback)
    if rollback.ended_at is None:
        rollback.said = said[:2000]
        rollback.save(update_fields=["said"])
        record("rollback.silent", subject=rollback, actor=None, said=rollback.said)
        announce_silence(rollback)
    return rollback


def _end(rollback: Rollback, *, said: str, was_overtaken: bool, actor: User | None) -> Rollback:
    rollback.ended_at, rollback.said, rollback.was_overtaken = timezone.now(), said[:2000], was_overtaken
    rollback.save(update_fields=["ended_at", "said", "was_overtaken"])
    took = span_text(rollback.ended_at - rollback.started_at)
    record("rollback.ended", subject=rollback, actor=actor, took=took, said=rollback.said)
    if not rollback.is_drill:
        _take_shares_down(rollback, actor or rollback.started_by)
        fall_back(rollback.engagement, why=str(rollback), actor=actor or rollback.started_by)
    if not was_overtaken:
        announce_rollback_ended(rollback)
    return rollback


def _take_shares_down(rollback: Rollback, actor: User) -> None:
    """The ramps begin anew; what was under way when everything went back was not done."""
    ramps = Ramp.objects.filter(engagement=rollback.engagement_id)
    open_changes = ShareChange.objects.filter(ramp__in=ramps, state=ShareChange.State.ASKED)
    for change in open_changes.select_related("ramp"):
        change.state, change.settled_at = ShareChange.State.FAILED, rollback.ended_at
        change.said = f"{rollback} took everything back."
        change.save(update_fields=["state", "said", "settled_at"])
        facts = {"previous": change.previous, "share": change.share, "why": change.why, "said": change.said}
        record("ramp.failed", subject=change.ramp, actor=actor, title=change.ramp.title, **facts)
    for ramp in ramps.filter(share__gt=0):
        facts = {"previous": ramp.share, "share": 0, "why": str(rollback)}
        moments = {"asked_at": rollback.started_at, "settled_at": rollback.ended_at}
        by = {"by_line": rollback.by_line, "asked_by": actor, "state": ShareChange.State.DONE, "said": rollback.said}
        ShareChange.objects.create(ramp=ramp, **facts, **moments, **by)
        record("ramp.changed", subject=ramp, actor=actor, title=ramp.title, said=rollback.said, **facts)
        ramp.share, ramp.share_since = 0, rollback.ended_at
        ramp.save(update_fields=["share", "share_since"])


@transaction.atomic
def tick_step(step: RollbackStep, *, actor: User) -> Rollback:
    """The step that ends the clock ends it: somebody saw what the proxy says. Raises Conflict for one that is done."""
    rollback = _lock(step.rollback)
    require_any(actor, BOTH_SIDES, rollback.engagement.organization)
    step = RollbackStep.objects.select_for_update().get(pk=step.pk)
    if step.done_at:
        raise Conflict("This step is done already.")
    step.done_at, step.done_by = timezone.now(), actor
    step.save(update_fields=["done_at", "done_by"])
    record("rollback.step", subject=rollback, actor=actor, title=step.title)
    if steps_of_the_way_back()[step.position - 1].get("ends"):
        end_rollback(rollback, said=f"{actor} saw that the proxy sends everything to Postfix.", actor=actor)
    return rollback


@transaction.atomic
def explain_rollback(rollback: Rollback, *, reason: str, actor: User) -> Rollback:
    """Afterwards: while the clock runs nobody is asked why. Raises Conflict before its end, and the second time."""
    rollback = _lock(rollback)
    require_any(actor, BOTH_SIDES, rollback.engagement.organization)
    if rollback.ended_at is None:
        raise Conflict(f"{rollback} is under way. Why is asked when everything is back on Postfix.")
    if rollback.explained_at:
        raise Conflict(f"{rollback.explained_by} has said why already.")
    rollback.reason = words_of(reason, "Say what led to it, and what was seen.")
    rollback.explained_at, rollback.explained_by = timezone.now(), actor
    rollback.save(update_fields=["reason", "explained_at", "explained_by"])
    record("rollback.explained", subject=rollback, actor=actor, reason=rollback.reason)
    return rollback


def _lock(rollback: Rollback) -> Rollback:
    lock_engagement(rollback.engagement_id)
    return (
        Rollback.objects.select_for_update(of=("self",))
        .select_related("engagement__organization", "engagement__lead", "started_by", "explained_by")
        .get(pk=rollback.pk)
    )


@transaction.atomic
def resume_proxy(rollback: Rollback, *, authenticated_at: datetime | None, actor: User) -> Job:
    """Lifts it at the proxy: after a drill with the shares it had, after a real one with those of the ramps.

    Live traffic takes the new route again, so it needs a fresh proof. Raises Conflict where the portal has no line, or
    it is not the last one.
    """
    rollback = _lock(rollback)
    require(actor, Permission.ORDER_ROLLBACK, rollback.engagement.organization)
    refuse_unproved(authenticated_at, _RESUMES)
    if reason := resume_reason(rollback):
        raise Conflict(reason)
    return enqueue("resume_proxy", subject=rollback, actor=actor, key=f"resume-{rollback.pk}")


def resume_reason(rollback: Rollback) -> str:
    """Why the proxy is not told to resume after this one; "" where nothing stands against it."""
    if rollback.ended_at is None:
        return f"{rollback} is under way. The proxy is told to resume after its end."
    if later := _later_than(rollback):
        return f"{later} came after {rollback}. The shares stay as they are."
    if line_of(rollback.engagement) is None:
        return "This portal does not change your proxy. Run the command that stands on the page."
    return ""


def _later_than(rollback: Rollback) -> Rollback | None:
    return Rollback.objects.filter(engagement=rollback.engagement_id, number__gt=rollback.number).first()


def tell_resume(rollback: Rollback, *, asked_at: datetime) -> str:
    """What the proxy says afterwards. Raises DomainError."""
    if later := _later_than(rollback):
        raise DomainError(f"{later} began meanwhile. The proxy was not told to resume.")
    line = required_line(rollback.engagement)
    # Beware: the proxy keeps its weights through a rollback, so that after a real one `resume` would bring them back.
    shares = {} if rollback.is_drill else known_shares(line, shares_of(rollback.engagement))
    status = tell_proxy(line, "set" if shares else "resume", shares, asked_at=asked_at)
    if status.get("everything"):
        raise DomainError(f"The proxy at {line.url} still sends everything to one side. Look at its status.")
    return f"The proxy at {line.url} goes on with its shares."


@transaction.atomic
def note_resumed(rollback: Rollback, *, said: str, actor: User) -> None:
    rollback = _lock(rollback)
    rollback.resumed_at = timezone.now()
    rollback.save(update_fields=["resumed_at"])
    record("rollback.resumed", subject=rollback, actor=actor, said=said)
