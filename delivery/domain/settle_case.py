"""A person takes a case, closes it with a reason and what shows it, or opens it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import EITHER_SIDE, Permission, require, require_any
from core.audit import record
from core.counting import counted
from core.errors import Conflict, DomainError
from core.wording import told
from delivery.domain.person_words import words_of
from delivery.models import DiscrepancyCase
from engagements.domain.lock_engagement import lock_living

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def take_case(case: DiscrepancyCase, *, actor: User) -> DiscrepancyCase:
    case = _lock(case)
    require(actor, Permission.WORK_TASK, case.engagement.organization)
    _require_open(case)
    case.owner, case.version = actor, case.version + 1
    case.save(update_fields=["owner", "version"])
    record("case.taken", subject=case, actor=actor, title=case.title)
    return case


@transaction.atomic
def close_case(
    case: DiscrepancyCase, *, version: int, verdict: str, reason: str, evidence: str, actor: User
) -> DiscrepancyCase:
    """Raises Conflict when it has grown since it was read: nobody closes what they have not seen."""
    case = _lock(case)
    require(actor, Permission.WORK_TASK, case.engagement.organization)
    _require_open(case)
    if case.version != version:
        raise Conflict(
            f"{case} has changed since you read it: {counted(case.count, 'message')} now. Nothing was closed."
        )
    if verdict not in DiscrepancyCase.Verdict.values:
        raise DomainError("Choose whether it is explained, or confirmed with its cause removed.")
    case.verdict = verdict
    case.reason = words_of(reason, "Say what happened to these messages.")
    case.evidence = words_of(evidence, "Say what shows it: a line of a log, a run, an answer, a date.")
    case.owner = case.owner or actor
    case.closed_at, case.closed_by, case.version = timezone.now(), actor, case.version + 1
    case.save()
    facts = {"verdict": verdict, "reason": case.reason, "evidence": case.evidence}
    record("case.closed", subject=case, actor=actor, title=case.title, **facts)
    return case


@transaction.atomic
def reopen_case(case: DiscrepancyCase, *, reason: str, actor: User) -> DiscrepancyCase:
    """Either side may. What it was closed with stays in the record."""
    case = _lock(case)
    require_any(actor, EITHER_SIDE, case.engagement.organization)
    why = words_of(reason, "Say why it is open again.")
    if case.is_open:
        raise Conflict(f"{case} is open already.")
    alike = {"engagement": case.engagement, "state": case.state, "cause": case.cause, "path": case.path}
    if other := DiscrepancyCase.objects.open().filter(**alike).first():
        raise Conflict(f"{other} of the same kind is open. Close that one first, or answer both in it.")
    case.verdict = case.reason = case.evidence = ""
    case.closed_at = case.closed_by = None
    case.version += 1
    case.save()
    record("case.reopened", subject=case, actor=actor, title=case.title, reason=why)
    return case


def _require_open(case: DiscrepancyCase) -> None:
    if case.closed_at:
        raise Conflict(f"{case.closed_by} closed {case} on {told(case.closed_at)}.")


def _lock(case: DiscrepancyCase) -> DiscrepancyCase:
    lock_living(case.engagement_id)
    return (
        DiscrepancyCase.objects.select_for_update(of=("self",))
        .select_related("engagement__organization", "owner", "closed_by")
        .get(pk=case.pk)
    )
