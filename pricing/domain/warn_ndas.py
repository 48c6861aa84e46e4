"""Telling of NDAs that the practice has not signed, at the same steps as of quotes that it has not sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.rounds import each
from core.wording import span_text
from engagements.domain.lock_engagement import lock_engagement
from pricing.clock_steps import Kind, due_step, hours_of
from pricing.domain.announce_nda import announce_nda_clock, practice_people
from pricing.domain.lock_nda import lock_nda
from pricing.in_force import book_at
from pricing.models import Nda, NdaNotice, Request
from pricing.nda_decisions import AT_REST
from pricing.nda_standing import standing_of
from pricing.people import people_told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User


def warn_ndas() -> int:
    """Tell of every NDA whose clock is low, or out, once for each step; returns how many were told.

    Safe to run twice, or twice at once: the lock lets one look after the other, and a notice is written once.
    """
    running = Nda.objects.pending().filter(clock_started_at__isnull=False, clock_stopped_at=None)
    waiting = running.exclude(engagement__phase__in=AT_REST).exclude(notices__kind=Kind.BREACH)
    return each(_warn_if_due, waiting.select_related("engagement__organization"))


def _warn_if_due(nda: Nda) -> bool:
    return bool(_due(nda)) and _warn(nda)


@transaction.atomic
def _warn(nda: Nda) -> bool:
    nda = lock_nda(nda, lock_engagement(nda.engagement_id))
    kind, reading = _due(nda), standing_of(nda.engagement).clock
    if kind is None or reading is None or reading.due_at is None:
        return False
    NdaNotice.objects.create(nda=nda, kind=kind, due_at=reading.due_at, at=timezone.now())
    people = _people(nda, kind)
    told = ", ".join(str(person) for person in people)
    if kind == Kind.BREACH:
        record("nda.clock_late", subject=nda, actor=None, number=nda.number, due=reading.due_at, told=told)
    else:
        left = span_text(reading.left)
        record("nda.clock_warned", subject=nda, actor=None, number=nda.number, left=left, told=told)
    announce_nda_clock(nda, reading, people, hours=hours_of(kind, _thresholds(nda)))
    return True


def _due(nda: Nda) -> Kind | None:
    """None as well for an NDA that is not the one that counts any more, or waits for nobody of the practice."""
    standing = standing_of(nda.engagement)
    if standing.nda != nda or not standing.waits_for_practice:
        return None
    told = NdaNotice.objects.filter(nda=nda).values_list("kind", flat=True)
    return due_step(standing.clock, set(told), _thresholds(nda))


def _thresholds(nda: Nda) -> Mapping[str, int]:
    return book_at(nda.clock_started_at or nda.asked_at).thresholds


def _people(nda: Nda, kind: Kind) -> list[User]:
    """As for a quote: the owner of the request, and from the last warning on the lead."""
    request = Request.objects.filter(engagement=nda.engagement).select_related("engagement__lead", "owner").first()
    return people_told(request, kind) if request else practice_people(nda.engagement)
