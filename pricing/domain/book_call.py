"""A call at one of the times that sales offers: booked, moved, called off. The request's link stands for its reader."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from core.audit import record
from core.errors import Conflict
from core.wording import moment_text, told
from engagements.models import Engagement
from pricing.calculation.openings import Opening
from pricing.domain.announce_call import announce_call, announce_no_call
from pricing.models import Call, Request
from pricing.openings import free_openings, practice_zone

CLOSED = "Request {code} is not open any more, so no call was booked or moved. Write to us with its reference."
TAKEN = "Somebody else took {time} a moment ago, or it is no longer offered. Choose another time; the rest is kept."


@dataclass(frozen=True, slots=True)
class Found:
    """A free time with whoever is free then, locked until the caller's transaction ends."""

    starts_at: datetime
    minutes: int
    person: User


def find_opening(starts_at: datetime, *, preferred: int | None = None, without: Call | None = None) -> Found | None:
    """Whoever is free at that moment, the preferred one first; None when nobody is."""
    offered = [one for one in free_openings(without=without) if one.starts_at == starts_at]
    for opening in sorted(offered, key=lambda one: (one.person != preferred, one.person)):
        person = User.objects.select_for_update(no_key=True).get(pk=opening.person)
        if _is_still_free(opening, without):
            return Found(opening.starts_at, opening.minutes, person)
    return None


def _is_still_free(opening: Opening, without: Call | None) -> bool:
    """Asked again under the lock: whoever held it may have booked this very time."""
    return opening in free_openings(without=without)


@transaction.atomic
def book_call(request: Request, *, starts_at: datetime, time_zone: str, telephone: str) -> Call:
    """Book a free time, or move the call there is or correct its number.

    Raises Conflict when it is no longer free, or the request closed.
    """
    request = Request.objects.select_for_update(of=("self",)).select_related("owner", "engagement").get(pk=request.pk)
    if request.engagement.phase != Engagement.Phase.INTAKE:
        raise Conflict(CLOSED.format(code=request.engagement.code))
    call = request.calls.booked().select_related("person").first()
    if call and call.starts_at == starts_at:
        return _renumber(call, telephone)
    found = find_opening(starts_at, preferred=call.person_id if call else request.owner_id, without=call)
    if found is None:
        raise Conflict(TAKEN.format(time=told(starts_at)))
    if call:
        call.telephone = telephone
        return _move(call, found, time_zone)
    return _book(found, Call(request=request, time_zone=time_zone, telephone=telephone))


def _book(found: Found, call: Call) -> Call:
    call.person, call.starts_at, call.minutes = found.person, found.starts_at, found.minutes
    _save(call)
    record("call.booked", subject=call, actor=None, **_said(call))
    announce_call(call)
    return call


def _move(call: Call, found: Found, time_zone: str) -> Call:
    before, lost = call.starts_at, call.person
    call.starts_at, call.minutes, call.person, call.time_zone = found.starts_at, found.minutes, found.person, time_zone
    call.sequence += 1
    _save(call)
    record("call.moved", subject=call, actor=None, before=_practice_time(before), **_said(call))
    announce_call(call, lost=None if lost == call.person else lost)
    return call


def _renumber(call: Call, telephone: str) -> Call:
    if call.telephone == telephone:
        return call
    call.telephone = telephone
    call.sequence += 1
    call.save(update_fields=["telephone", "sequence"])
    record("call.renumbered", subject=call, actor=None, **_said(call))
    announce_call(call)
    return call


def _save(call: Call) -> None:
    try:
        with transaction.atomic():
            call.save()
    except IntegrityError as error:
        raise Conflict(TAKEN.format(time=told(call.starts_at))) from error


@transaction.atomic
def cancel_call(request: Request) -> Call | None:
    """Call it off; None when there is none to come. The time is free again at once."""
    Request.objects.select_for_update(of=("self",)).get(pk=request.pk)
    call = request.calls.booked().select_related("person", "request__engagement__organization").first()
    if call is None:
        return None
    call.cancelled_at = timezone.now()
    call.sequence += 1
    call.save(update_fields=["cancelled_at", "sequence"])
    record("call.cancelled", subject=call, actor=None, **_said(call))
    announce_no_call(call)
    return call


def _said(call: Call) -> dict[str, str]:
    return {
        "contact": call.request.contact_name,
        "person": call.person.full_name,
        "at": _practice_time(call.starts_at),
    }


def _practice_time(moment: datetime) -> str:
    return moment_text(moment, practice_zone())
