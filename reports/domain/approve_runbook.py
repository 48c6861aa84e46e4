"""People stand by a revision of a runbook: they approve it for their side, say that they read it, and try it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import EITHER_SIDE, Permission, is_staff, require, require_any, require_person
from core.audit import record
from core.errors import Conflict, DomainError
from core.wording import day_text
from delivery.domain.person_words import words_of
from engagements.domain.lock_engagement import lock_living
from engagements.today import today_of
from reports.domain.request_runbook_paper import redraw_runbook_paper
from reports.models import RunbookApproval, RunbookDrill, RunbookReading, RunbookRevision
from reports.runbook_state import state_of

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from reports.runbook_state import RunbookState

MOST_MINUTES = 24 * 60
ANEW = "It has to be drawn up anew first; nothing was recorded."


@transaction.atomic
def approve_runbook(revision: RunbookRevision, *, actor: User) -> RunbookApproval:
    """Raises Conflict for a revision that is no longer the newest, or that names what has changed since."""
    revision = _lock(revision)
    require(actor, Permission.APPROVE_RUNBOOK, revision.engagement.organization)
    if reason := why_not_approved(state_of(revision.engagement, revision.key), revision, actor):
        raise Conflict(reason)
    return keep_approval(revision, actor=actor)


def why_not_approved(state: RunbookState | None, revision: RunbookRevision, actor: User) -> str:
    """What keeps this person from approving it; empty where nothing does."""
    if outdated := _why_outdated(state, revision):
        return outdated
    if already := revision.approvals.filter(party=party_of(actor)).first():
        return f"{already.approved_by} approved this revision for {already.get_party_display().lower()} already."
    return ""


def keep_approval(revision: RunbookRevision, *, actor: User) -> RunbookApproval:
    """Under the engagement's lock, once it was asked what keeps it from being approved."""
    party = party_of(actor)
    approval = RunbookApproval.objects.create(
        revision=revision, party=party, approved_at=timezone.now(), approved_by=actor
    )
    record("runbook.approved", subject=revision, actor=actor, party=party.value, digest=revision.digest)
    redraw_runbook_paper(revision, actor=actor)
    return approval


@transaction.atomic
def acknowledge_runbook(revision: RunbookRevision, *, actor: User) -> RunbookReading:
    """Raises Conflict as approving does, and for somebody who has said so already."""
    revision = _lock(revision)
    require(actor, Permission.VIEW_EVIDENCE, revision.engagement.organization)
    require_person(actor, "say that you read a runbook")
    if reason := _why_outdated(state_of(revision.engagement, revision.key), revision):
        raise Conflict(reason)
    if revision.readings.filter(read_by=actor).exists():
        raise Conflict("You have said already that you read this revision.")
    reading = RunbookReading.objects.create(
        revision=revision, party=party_of(actor), read_at=timezone.now(), read_by=actor
    )
    record("runbook.read", subject=revision, actor=actor, digest=revision.digest)
    return reading


@transaction.atomic
def note_drill(
    revision: RunbookRevision, *, held_on: date, minutes: int, participants: str, outcome: str, actor: User
) -> RunbookDrill:
    """Of any revision: what was tried was the one that was there."""
    revision = _lock(revision)
    require_any(actor, EITHER_SIDE, revision.engagement.organization)
    if held_on > today_of(revision.engagement):
        raise DomainError(f"{day_text(held_on)} is still to come. Note a drill after it was held.")
    if not 0 < minutes <= MOST_MINUTES:
        raise DomainError("Enter how many minutes it took, between 1 and 1,440.")
    drill = RunbookDrill.objects.create(
        revision=revision,
        held_on=held_on,
        minutes=minutes,
        participants=words_of(participants, "Name who took part."),
        outcome=words_of(outcome, "Say what came of it."),
        noted_at=timezone.now(),
        noted_by=actor,
    )
    record("runbook.drilled", subject=revision, actor=actor, minutes=minutes, day=day_text(held_on))
    return drill


def party_of(person: User) -> RunbookApproval.Party:
    return RunbookApproval.Party.CONSULTANCY if is_staff(person) else RunbookApproval.Party.CUSTOMER


def _lock(revision: RunbookRevision) -> RunbookRevision:
    engagement = lock_living(revision.engagement_id)
    found = RunbookRevision.objects.get(pk=revision.pk)
    found.engagement = engagement
    return found


def _why_outdated(state: RunbookState | None, revision: RunbookRevision) -> str:
    if state is None or state.revision is None or state.revision.pk != revision.pk:
        return "There is a newer revision, or this customer no longer needs the runbook. Read the newest one."
    if state.is_overdue:
        since = day_text(state.revision.review_on)
        return f"The review of this revision is overdue since {since}. {ANEW}"
    return "" if state.is_current else f"What this revision names has changed since. {ANEW}"
