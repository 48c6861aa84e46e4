"""The promise to answer one request, as it stands. Read from requests fetched `with_clock()`, without a query."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone

from core.components import ClockReading
from pricing.calculation.clock import Interval, due_at, elapsed
from pricing.calculation.working_hours import CALENDAR
from pricing.holds import ON_HOLD, holds_of
from pricing.in_force import book_at, hours_at
from pricing.models import Request

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from engagements.models import Engagement
    from pricing.models import Pause


class Promise(NamedTuple):
    started_at: datetime
    answered_at: datetime | None = None


def clock_of(request: Request, at: datetime | None = None) -> ClockReading | None:
    """None as long as a data point is missing. It is read at the moment of the answer, else at `at` or now."""
    if request.complete_at is None:
        return None
    promise = Promise(request.complete_at, request.answered_at)
    return read_clock(promise, _pauses_of(request), holds_of(request.engagement), at or timezone.now())


def read_clock(promise: Promise, paused: Sequence[Pause], holds: list[Interval], at: datetime) -> ClockReading:
    """By the thresholds and hours of the day on which it started."""
    started = promise.started_at
    thresholds, hours = book_at(started).thresholds, hours_at(started)
    pauses = [pause.interval for pause in paused] + holds
    allowed = timedelta(hours=thresholds["answer_hours"])
    return ClockReading(
        left=allowed - elapsed(started, promise.answered_at or at, pauses=pauses, hours=hours),
        due_at=due_at(started, allowed, pauses=pauses, hours=hours),
        allowed=allowed,
        pause=_why_it_stands(paused, holds),
        is_stopped=promise.answered_at is not None,
        is_calendar=hours is CALENDAR,
        soon=timedelta(hours=thresholds["soon_hours"]),
    )


def time_to_answer(request: Request) -> timedelta | None:
    """How much of the promise was used until the answer; None before it."""
    if request.complete_at is None or request.answered_at is None:
        return None
    pauses, hours = intervals_of(request), hours_at(request.complete_at)
    return elapsed(request.complete_at, request.answered_at, pauses=pauses, hours=hours)


def request_behind(engagement: Engagement) -> Request | None:
    """The request with its clock, for whoever sees the engagement: its clock is read by both sides."""
    rows = Request.objects.with_clock().select_related("engagement__organization", "owner")
    return rows.filter(engagement=engagement).first()


def intervals_of(request: Request) -> list[Interval]:
    """When the clock stood still: the pauses, and the times in which the engagement was on hold."""
    return [pause.interval for pause in _pauses_of(request)] + holds_of(request.engagement)


def _pauses_of(request: Request) -> Sequence[Pause]:
    """A list over hundreds of requests hangs them on each: to ask a relation for what was fetched takes longer."""
    told: Sequence[Pause] | None = getattr(request, "told_pauses", None)
    return list(request.pauses.all()) if told is None else told


def _why_it_stands(paused: Sequence[Pause], holds: Sequence[Interval]) -> str:
    """The reason for which the clock stands still now, or an empty string."""
    reasons = [pause.reason for pause in paused if pause.resumed_at is None]
    if not reasons and any(hold.until is None for hold in holds):
        reasons = [ON_HOLD]
    return reasons[0] if reasons else ""
