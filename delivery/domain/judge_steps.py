"""Judges every ramp by what a run measured since its step began and no check saw before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.audit import record
from delivery.models import Ramp, StepCheck
from delivery.ramp.book import load_plan
from delivery.ramp.judging import judge, together
from delivery.ramp_state import figures_between

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from delivery.models import ReconciliationRun


def judge_steps(run: ReconciliationRun, *, actor: User) -> list[StepCheck]:
    """Called by whoever stores a run, inside that transaction."""
    ramps = Ramp.objects.filter(engagement=run.engagement, share__gt=0)
    return [check for ramp in ramps if (check := _judge(ramp, run, actor))]


def _judge(ramp: Ramp, run: ReconciliationRun, actor: User) -> StepCheck | None:
    since = _unseen_from(ramp)
    until = _whole_hours(run.covered_to)
    if until is None or since is None or until <= since:
        return None
    fewest = max(limit.fewest for limit in load_plan().limits if not limit.observed)
    new = figures_between(run, "new", since=since, until=until, provider=ramp.provider)
    old = figures_between(run, "old", since=since, until=until, provider=ramp.provider)
    if old.delivered + old.failed < fewest:  # nothing goes the old way any more: what it did before is the measure
        old = figures_between(run, "old", until=until, provider=ramp.provider)
    judged = [judge(limit, old, new) for limit in load_plan().limits]
    check = StepCheck.objects.create(
        ramp=ramp,
        run=run,
        share=ramp.share,
        since=since,
        until=until,
        outcome=together(judged).value,
        rows=[each.as_json() for each in judged],
    )
    record("ramp.checked", subject=ramp, actor=actor, title=ramp.title, share=ramp.share, outcome=check.outcome)
    return check


def _whole_hours(moment: datetime | None) -> datetime | None:
    """Up to here all of an hour is known; the rest of it is for the next check."""
    return moment.replace(minute=0, second=0, microsecond=0) if moment else None


def _unseen_from(ramp: Ramp) -> datetime | None:
    """After the last check that said something: hours of which too little was known are looked at again."""
    seen = StepCheck.objects.filter(ramp=ramp, share=ramp.share, since__gte=ramp.share_since)
    conclusive = seen.exclude(outcome=StepCheck.Outcome.INCONCLUSIVE).first()
    return conclusive.until if conclusive else ramp.share_since
