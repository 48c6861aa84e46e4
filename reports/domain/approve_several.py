"""Somebody approves for their side every runbook that they have read, in one act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.permissions import Permission, require
from core.errors import Conflict, DomainError
from engagements.domain.lock_engagement import lock_living
from reports.domain.approve_runbook import keep_approval, why_not_approved
from reports.runbook_state import has_read, states_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from engagements.models import Engagement
    from reports.models import RunbookApproval, RunbookRevision
    from reports.runbook_state import RunbookState

NONE = "None was approved."


@transaction.atomic
def approve_runbooks(engagement: Engagement, *, seen: Mapping[str, str], actor: User) -> list[RunbookApproval]:
    """Of each runbook in `seen` (digest by key) the newest revision, with a ledger entry of its own: all or none.

    Raises DomainError or Conflict that names each that `actor` has not said to have read, or that can't be approved.
    """
    engagement = lock_living(engagement.pk)
    require(actor, Permission.APPROVE_RUNBOOK, engagement.organization)
    if not seen:
        raise DomainError(f"Select at least one runbook first. {NONE}")
    states = {state.runbook.key: state for state in states_of(engagement)}
    if unknown := sorted(seen.keys() - states.keys()):
        raise DomainError(f"This customer has no such runbook: {', '.join(unknown)}. {NONE}")
    if faults := [fault for key, digest in seen.items() if (fault := _fault_of(states[key], digest, actor))]:
        raise Conflict(*faults, NONE)
    chosen = [_revision_of(states[key]) for key in seen]
    return [keep_approval(revision, actor=actor) for revision in chosen]


def _fault_of(state: RunbookState, digest: str, actor: User) -> str:
    """Empty where nothing stands against approving the revision that was on screen."""
    name = f"“{state.runbook.name}”"
    if state.revision is None or state.revision.digest != digest:
        return f"{name}: it is not the newest revision that you had on screen. Read the newest one."
    if reason := why_not_approved(state, state.revision, actor):
        return f"{name}: {reason}"
    if not has_read(state.revision, actor):
        return f"{name}: you have not said that you read revision {state.revision.number}. Open it and read it first."
    return ""


def _revision_of(state: RunbookState) -> RunbookRevision:
    if state.revision is None:
        raise Conflict(f"“{state.runbook.name}” is not drawn up yet. {NONE}")
    state.revision.engagement = state.engagement
    return state.revision
