from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Organization, User
from core.audit import record
from core.components import ClockReading
from core.wording import span_text
from pricing.clock_steps import Kind, due_step, hours_of
from pricing.clocks import clock_of
from pricing.domain.announce_clock import announce_late, announce_low
from pricing.domain.locks import lock_request
from pricing.in_force import book_at
from pricing.models import ClockNotice, Request


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
    rows = promised.with_clock().prefetch_related("clock_notices")
    return sum(_warn(request.pk, request.engagement_id) for request in rows if _due(request))


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


def people_told(request: Request, kind: Kind) -> list[User]:
    """The owner, and from the last warning on the lead; where the owner has left, the lead from the first."""
    owners = [request.owner] if _is_here(request.owner) else []
    leads = [] if owners and kind == Kind.FIRST else leads_of(request)
    return list(dict.fromkeys([*owners, *leads]))


def leads_of(request: Request) -> list[User]:
    """The engagement's lead; before there is one, everybody who leads at the practice, or else its owners."""
    lead = request.engagement.lead
    if lead is not None and _is_here(lead):
        return [lead]
    practice = Organization.objects.consultancy()
    for role in (Membership.Role.LEAD, Membership.Role.OWNER):
        members = Membership.objects.filter(organization=practice, role=role, user__is_active=True)
        if people := [member.user for member in members.select_related("user").order_by("user__full_name")]:
            return people
    return []


def _is_here(person: User) -> bool:
    """Whether they still work at the practice."""
    return person.is_active and person.memberships.filter(organization_kind="consultancy").exists()


def _names(people: list[User]) -> str:
    return ", ".join(str(person) for person in people)
