from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.audit import record
from core.components import ClockReading
from core.rounds import each
from core.wording import span_text
from pricing.clock_steps import Kind, due_step, hours_of
from pricing.clocks import clock_of
from pricing.domain.announce_clock import announce_late, announce_low
from pricing.domain.locks import lock_request
from pricing.in_force import book_at
from pricing.models import ClockNotice, Request
from pricing.people import people_told


@dataclass(frozen=True, slots=True)
class _Due:
    kind: Kind
    reading: ClockReading
    at: datetime


def warn_clocks() -> int:
    """Tell of every clock that is low, or out, once for each step; returns how many were told.

    A clock that stands is told of only when it had run out before.

    Safe to run twice, or twice at once: the lock lets one look after the other, and a notice is written once.
    """
    promised = Request.objects.promised().exclude(clock_notices__kind=Kind.BREACH)
    return each(_warn_if_due, promised.with_clock().prefetch_related("clock_notices"))


def _warn_if_due(request: Request) -> bool:
    return bool(_due(request)) and _warn(request.pk, request.engagement_id)


@transaction.atomic
def _warn(pk: int, engagement_pk: int) -> bool:
    request = lock_request(pk, engagement_pk)
    due = _due(request) if Request.objects.promised().filter(pk=pk).exists() else None
    if due is None:
        return False
    if due.kind == Kind.BREACH:
        return note_late(request, due.reading)
    _note(request, due.kind, due.at)
    people = people_told(request, due.kind)
    facts = {"left": span_text(due.reading.left), "told": _names(people), "due": due.at}
    record("request.clock_warned", subject=request, actor=None, kind=due.kind, **facts)
    announce_low(request, due.reading, people, hours=hours_of(due.kind, _thresholds(request)))
    return True


def note_late(request: Request, reading: ClockReading) -> bool:
    """Once, under the request's lock: that the promise was not kept, to its owner and the lead. Says if it was now."""
    is_told = request.clock_notices.filter(kind=Kind.BREACH).exists()
    if is_told or not reading.is_broken or reading.due_at is None:
        return False
    _note(request, Kind.BREACH, reading.due_at)
    people = people_told(request, Kind.BREACH)
    record("request.clock_late", subject=request, actor=None, due=reading.due_at, told=_names(people))
    announce_late(request, reading, people)
    return True


def _note(request: Request, kind: Kind, due_at: datetime) -> None:
    ClockNotice.objects.create(request=request, kind=kind, owner=request.owner, due_at=due_at, at=timezone.now())


def _due(request: Request) -> _Due | None:
    reading, told = clock_of(request), {notice.kind for notice in request.clock_notices.all()}
    kind = due_step(reading, told, _thresholds(request))
    return _Due(kind, reading, reading.due_at) if kind and reading and reading.due_at else None


def _thresholds(request: Request) -> Mapping[str, int]:
    return book_at(request.complete_at or request.created_at).thresholds


def _names(people: list[User]) -> str:
    return ", ".join(str(person) for person in people)
