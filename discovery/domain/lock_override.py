from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models import Organization
from accounts.permissions import Permission, is_staff, require
from core.errors import Conflict, Refused
from core.wording import told
from discovery.models import DictionaryOverride
from engagements.domain.lock_engagement import lock_living

if TYPE_CHECKING:
    from accounts.models import User
    from engagements.models import Engagement


def require_dictionary(engagement: Engagement | None, *, actor: User) -> Engagement | None:
    """The engagement under its lock, or None for every one. Raises Refused or Conflict."""
    if engagement is None:
        require_for_all(actor)
        return None
    require(actor, Permission.EDIT_DICTIONARY, engagement.organization)
    return lock_living(engagement.pk)


def require_for_all(actor: User) -> None:
    """Raise Refused for who may not say what holds for every engagement."""
    if not is_staff(actor):
        raise Refused("The consultancy keeps the dictionary: you may not override it.")
    require(actor, Permission.EDIT_DICTIONARY, Organization.objects.consultancy())


def lock_override(override: DictionaryOverride, *, actor: User) -> DictionaryOverride:
    """The override under its lock, for somebody who may edit the dictionary where it holds."""
    engagement = require_dictionary(override.engagement, actor=actor)
    people = ("proposed_by", "reviewed_by", "ended_by")
    locked = DictionaryOverride.objects.select_for_update(of=("self",)).select_related(*people).get(pk=override.pk)
    locked.engagement = engagement
    return locked


def refuse_reviewed(override: DictionaryOverride) -> None:
    """Raise Conflict, with who and when, for one that no longer waits for a review."""
    if override.is_proposed:
        return
    who, when = override.ended_by or override.reviewed_by, override.ended_at or override.reviewed_at
    decided = f": {who} decided that on {told(when)}" if when else ""
    raise Conflict(f"{override.reference} is {override.get_state_display().lower()}{decided}.")
