"""The review of a proposal, by somebody who did not write it, and the end of what was accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import require_person
from core.audit import record
from core.errors import Conflict, DomainError, Refused
from discovery.dictionary_words import reach_of
from discovery.domain.lock_override import lock_override, refuse_reviewed
from discovery.domain.mask_words import mask_words
from discovery.domain.remake_translations import remake_translations
from discovery.models import DictionaryOverride

if TYPE_CHECKING:
    from accounts.models import User

State = DictionaryOverride.State
LONGEST_NOTE = 4000


@transaction.atomic
def accept_override(override: DictionaryOverride, *, actor: User, note: str = "") -> DictionaryOverride:
    """It holds from now on, in place of an earlier version; translations that it changes are made again by jobs."""
    override = _lock_for_review(override, actor=actor)
    _replace_earlier(override, actor)
    _review(override, State.ACCEPTED, actor, note)
    remade = remake_translations(override, actor=actor)
    note = override.review_note
    record("override.accepted", subject=override, actor=actor, reach=reach_of(override), note=note, remade=remade)
    return override


@transaction.atomic
def reject_override(override: DictionaryOverride, *, actor: User, note: str) -> DictionaryOverride:
    override = _lock_for_review(override, actor=actor)
    if not note.strip():
        raise DomainError(f"Say why {override.reference} is rejected: its author reads it.")
    _review(override, State.REJECTED, actor, note)
    record("override.rejected", subject=override, actor=actor, note=override.review_note)
    return override


@transaction.atomic
def withdraw_override(override: DictionaryOverride, *, actor: User, reason: str) -> DictionaryOverride:
    """A proposal by its author, or what is in force by anybody who may edit the dictionary there."""
    override = lock_override(override, actor=actor)
    if override.is_proposed and override.proposed_by != actor:
        raise Refused(f"{override.proposed_by} proposed {override.reference}: you may not withdraw it. Reject it.")
    if not override.is_proposed and not override.is_in_force:
        refuse_reviewed(override)
    if not reason.strip():
        raise DomainError(f"Say why {override.reference} is withdrawn.")
    was_in_force = override.is_in_force
    _end(override, State.WITHDRAWN, actor, _short(reason))
    remade = remake_translations(override, actor=actor) if was_in_force else 0
    record("override.withdrawn", subject=override, actor=actor, reason=override.ended_reason, remade=remade)
    return override


def _lock_for_review(override: DictionaryOverride, *, actor: User) -> DictionaryOverride:
    override = lock_override(override, actor=actor)
    require_person(actor, "review overrides")
    refuse_reviewed(override)
    if override.proposed_by == actor:
        raise Refused(f"You proposed {override.reference}: you may not review it. Another consultant or the lead does.")
    return override


def _review(override: DictionaryOverride, state: DictionaryOverride.State, actor: User, note: str) -> None:
    override.state, override.review_note = state, _short(note)
    override.reviewed_by, override.reviewed_at = actor, timezone.now()
    override.save(update_fields=["state", "review_note", "reviewed_by", "reviewed_at"])


def _replace_earlier(override: DictionaryOverride, actor: User) -> None:
    earlier = DictionaryOverride.objects.about(override).in_force().select_for_update(of=("self",)).first()
    if earlier is None:
        return
    if earlier.version > override.version:
        raise Conflict(f"{earlier.reference} is a later version of the same and in force already.")
    _end(earlier, State.REPLACED, actor, f"Replaced by {override.reference}")
    record("override.replaced", subject=earlier, actor=actor, by=override.reference)


def _end(override: DictionaryOverride, state: DictionaryOverride.State, actor: User, reason: str) -> None:
    override.state, override.ended_reason = state, reason
    override.ended_by, override.ended_at = actor, timezone.now()
    override.save(update_fields=["state", "ended_reason", "ended_by", "ended_at"])


def _short(text: str) -> str:
    masked = mask_words(text.strip())
    if len(masked) > LONGEST_NOTE:
        raise DomainError(f"A reason has at most {LONGEST_NOTE:,} characters.")
    return masked
