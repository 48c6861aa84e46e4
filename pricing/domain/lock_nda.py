"""The row locks of every act on an NDA: the engagement's first, then its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict
from core.wording import told
from engagements.domain.lock_engagement import lock_engagement, refuse_at_rest
from pricing.models import Nda

if TYPE_CHECKING:
    from accounts.models import User
    from engagements.models import Engagement


def lock_for_nda(engagement: Engagement, *, actor: User) -> Engagement:
    """The engagement under its lock, for somebody who may put up an NDA now. Raises Refused or Conflict."""
    locked = lock_engagement(engagement.pk)
    require(actor, Permission.SIGN_NDA, locked.organization)
    refuse_at_rest(locked)
    refuse_signed(locked)
    return locked


def refuse_signed(engagement: Engagement) -> None:
    signed = Nda.objects.filter(engagement=engagement, state=Nda.State.SIGNED).first()
    if signed is None:
        return
    if signed.kind == Nda.Kind.PAPER:
        raise Conflict(f"An NDA signed outside the portal is recorded since {told(signed.asked_at)}. It stays.")
    last = signed.signatures.latest("signed_at")
    raise Conflict(f"The NDA is signed by both sides since {told(last.signed_at)}. It stays; nothing was changed.")


def lock_nda(nda: Nda, engagement: Engagement) -> Nda:
    """The NDA as it is now, with the locked engagement in place of its own copy."""
    locked: Nda = Nda.objects.select_for_update(of=("self",)).select_related("document", "asked_by").get(pk=nda.pk)
    locked.engagement = engagement
    return locked


def replace_pending(engagement: Engagement, *, actor: User) -> None:
    """Whatever was put up before and is not signed makes room."""
    for nda in Nda.objects.select_for_update(of=("self",)).filter(engagement=engagement).pending():
        nda.replace()
        nda.save(update_fields=["state"])
        record("nda.replaced", subject=nda, actor=actor, number=nda.number)
