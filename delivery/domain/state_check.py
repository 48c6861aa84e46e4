"""A person states that a check of the pre-flight holds, with what shows it, or takes that back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, allowed, allowed_any, require
from core.audit import record
from core.errors import Conflict, DomainError, Refused
from delivery.domain.person_words import words_of
from delivery.models import PreflightStatement
from delivery.preflight_state import state_of
from engagements.domain.lock_engagement import lock_living
from engagements.models import GateTask
from engagements.parties import PARTY_PERMISSIONS

if TYPE_CHECKING:
    from accounts.models import User
    from delivery.preflight.book import Item
    from engagements.models import Engagement


def may_state(item: Item, engagement: Engagement, actor: User) -> bool:
    return allowed_any(actor, PARTY_PERMISSIONS[GateTask.Party(item.party)], engagement.organization)


def require_party(item: Item, engagement: Engagement, actor: User) -> None:
    """Raises Refused unless the check is this person's side's to answer."""
    if may_state(item, engagement, actor):
        return
    if allowed(actor, Permission.ANSWER_TASK, engagement.organization):
        raise Refused("This check is the consultancy's to answer.")
    require(actor, PARTY_PERMISSIONS[GateTask.Party(item.party)][0], engagement.organization)


@transaction.atomic
def state_check(engagement: Engagement, item: Item, *, note: str, evidence: str, actor: User) -> PreflightStatement:
    """Raises DomainError where a statement settles nothing: the system knows already, or must not be overruled."""
    engagement = lock_living(engagement.pk)
    require_party(item, engagement, actor)
    found = state_of(engagement, item)
    if found.translation is None:
        raise DomainError("There are no generated files for the chosen target yet, so there is nothing to state.")
    if not found.may_be_stated:
        raise DomainError(found.why_not_stated)
    statement = PreflightStatement.objects.create(
        engagement=engagement,
        check_key=item.key,
        set_digest=found.set_digest,
        note=words_of(note, "Say what holds."),
        evidence=words_of(evidence, "Say what shows it: an answer that was seen, a line, a date, a name."),
        stated_at=timezone.now(),
        stated_by=actor,
    )
    record("preflight.stated", subject=statement, actor=actor, title=item.title, check=item.key, note=statement.note)
    return statement


@transaction.atomic
def withdraw_statement(engagement: Engagement, item: Item, *, reason: str, actor: User) -> PreflightStatement:
    """The statement stays in the record; from now on it counts no longer."""
    engagement = lock_living(engagement.pk)
    require_party(item, engagement, actor)
    found = state_of(engagement, item)
    if found.statement is None:
        raise Conflict("There is no statement on this check that counts now.")
    withdrawal = PreflightStatement.objects.create(
        engagement=engagement,
        check_key=item.key,
        set_digest=found.set_digest,
        note=words_of(reason, "Say why it no longer holds."),
        evidence="",
        is_withdrawn=True,
        stated_at=timezone.now(),
        stated_by=actor,
    )
    record("preflight.withdrawn", subject=withdrawal, actor=actor, title=item.title, check=item.key)
    return withdrawal
