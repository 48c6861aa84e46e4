"""Looks whether a trigger is crossed, and opens a decision to go back. Both sides are mailed; a person decides."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.numbering import next_number
from core.rounds import each
from core.shares import share_text
from delivery.domain.announce import announce_stale, announce_trigger
from delivery.feedback_queue import failures_told
from delivery.models import OwnTrigger, Ramp, TriggerDecision
from delivery.ramp.book import load_plan
from delivery.ramp_state import figures_between
from delivery.traffic_state import freshness_of
from engagements.domain.lock_engagement import lock_engagement
from engagements.models import Engagement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User
    from delivery.models import ReconciliationRun
    from delivery.ramp.book import Limit, Trigger

# Beware: what was said is compared with what was decided on, so no sentence names the run, or
# what changes without one.
DAY = " in the last day that the logs of all sides cover"
Crossed = tuple[str, str, str]  # key, title, what was seen


def watch_all() -> int:
    """Every engagement with mail on the new route. How many decisions were opened."""
    ramps = Ramp.objects.filter(share__gt=0, engagement__in=Engagement.objects.running())
    return each(_watch, ramps.values_list("engagement", flat=True).distinct())


@transaction.atomic
def _watch(engagement: int) -> int:
    found = lock_engagement(engagement)
    freshness = freshness_of(found)
    if freshness.run and freshness.age and freshness.is_too_old:
        announce_stale(freshness.run)
    return len(watch_triggers(found))


def watch_triggers(engagement: Engagement) -> list[TriggerDecision]:
    """Inside the caller's transaction, under the lock of the engagement."""
    return [
        decision for crossed in _crossed(engagement) if (decision := open_decision(engagement, crossed, actor=None))
    ]


def _crossed(engagement: Engagement) -> Iterator[Crossed]:
    freshness = freshness_of(engagement)
    gap = load_plan().trigger("gap")
    if freshness.is_gap or freshness.age is None:
        yield gap.key, gap.title, f"{freshness.words}. What goes the new way is not being watched."
    if freshness.run is None:
        return
    yield from _failures(freshness.run, load_plan().trigger("failure"))
    yield from _bounces(freshness.run, load_plan().trigger("bounces"))
    for own in OwnTrigger.objects.filter(engagement=engagement, removed_at=None):
        yield from _own(freshness.run, own)


def _failures(run: ReconciliationRun, trigger: Trigger) -> Iterator[Crossed]:
    share, of = _share(run, "failure")
    if of >= trigger.fewest and share >= trigger.limit:
        said = f"{share_text(share)} of {of:,} recipients on the new route failed for good{DAY}."
        yield trigger.key, trigger.title, said


def _bounces(run: ReconciliationRun, trigger: Trigger) -> Iterator[Crossed]:
    """What failed by the logs and is not known in the queue; nothing where nobody ever hands bounces over."""
    if run.covered_to is None:
        return
    since = run.covered_to - timedelta(days=1)
    failed = figures_between(run, "new", since=since).failed
    known = failures_told(run.engagement, since=since.replace(minute=0, second=0, microsecond=0), until=run.covered_to)
    if known is not None and failed >= trigger.fewest and known < failed * trigger.limit:
        said = f"Of {failed:,} recipients that failed for good on the new route{DAY}, the queue of bounces knows"
        yield trigger.key, trigger.title, f"{said} fewer than {share_text(trigger.limit, 0)}."


def _own(run: ReconciliationRun, own: OwnTrigger) -> Iterator[Crossed]:
    share, of = _share(run, own.figure)
    if of >= _limit(own.figure).fewest and share * 100 >= float(own.limit):
        most = f"{own.limit.normalize():f} %"
        said = f"{own.get_figure_display()}: {share_text(share)} of {of:,} recipients{DAY}; the limit is {most}."
        yield f"own-{own.pk}", own.title, said


def _share(run: ReconciliationRun, key: str) -> tuple[float, int]:
    """On the new route, in the last day that all sides cover."""
    since = run.covered_to - timedelta(days=1) if run.covered_to else None
    count, of = figures_between(run, "new", since=since).counted(_limit(key)) or (0, 0)
    return (count / of if of else 0.0), of


def _limit(key: str) -> Limit:
    return next(limit for limit in load_plan().limits if limit.key == key)


def open_decision(engagement: Engagement, crossed: Crossed, *, actor: User | None) -> TriggerDecision | None:
    """None where the same trigger waits for its decision, or was decided about these very figures."""
    key, title, said = crossed
    decisions = TriggerDecision.objects.filter(engagement=engagement)
    latest = decisions.filter(key=key).first()
    if latest and (latest.decided_at is None or latest.said == said or _is_lasting_gap(engagement, latest)):
        return None
    decision = TriggerDecision.objects.create(
        engagement=engagement,
        number=next_number(decisions),
        key=key,
        title=title,
        said=said,
        opened_at=timezone.now(),
    )
    record("trigger.crossed", subject=decision, actor=actor, title=title, said=said)
    announce_trigger(decision)
    return decision


def _is_lasting_gap(engagement: Engagement, latest: TriggerDecision) -> bool:
    """The same gap, grown older: nothing was read since it was decided."""
    run = freshness_of(engagement).run
    return latest.key == "gap" and (run is None or run.done_at <= latest.opened_at)
