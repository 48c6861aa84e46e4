from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, is_staff, require
from core.audit import record
from core.errors import Conflict, DomainError, Refused
from core.wording import told
from engagements.domain.lock_engagement import lock_engagement, refuse_at_rest
from pricing.domain.announce_nda import announce_return, announce_to_sign
from pricing.domain.lock_nda import lock_nda
from pricing.models import Nda

if TYPE_CHECKING:
    from accounts.models import User
    from engagements.models import Engagement


@transaction.atomic
def accept_nda(nda: Nda, *, actor: User, shown_digest: str) -> Nda:
    """Take the customer's text: from now on both sides may sign it. The clock goes on."""
    nda = _lock_to_review(nda, actor=actor, shown_digest=shown_digest)
    nda.reviewed_by, nda.reviewed_at = actor, timezone.now()
    nda.accept()
    nda.save()
    record("nda.accepted", subject=nda, actor=actor, number=nda.number, digest=nda.digest)
    announce_to_sign(nda)
    return nda


@transaction.atomic
def send_back_nda(nda: Nda, *, actor: User, reason: str, shown_digest: str) -> Nda:
    """Do not take the customer's text, and say why. That stops the clock: the next choice is the customer's."""
    nda = _lock_to_review(nda, actor=actor, shown_digest=shown_digest)
    if not reason.strip():
        raise DomainError("Say what has to change: the reason goes to the customer.")
    nda.reviewed_by, nda.reviewed_at = actor, timezone.now()
    nda.note = reason.strip()
    if nda.is_clock_running:
        nda.clock_stopped_at = nda.reviewed_at
    nda.send_back()
    nda.save()
    record("nda.sent_back", subject=nda, actor=actor, number=nda.number, reason=nda.note)
    announce_return(nda)
    return nda


def refuse_the_customer(actor: User, engagement: Engagement) -> None:
    """Raises Refused for whoever does not answer for the practice."""
    require(actor, Permission.SIGN_NDA, engagement.organization)
    if not is_staff(actor):
        raise Refused("You may not review an NDA of your own: it is reviewed by the practice.")


def _lock_to_review(nda: Nda, *, actor: User, shown_digest: str) -> Nda:
    engagement = lock_engagement(nda.engagement_id)
    refuse_the_customer(actor, engagement)
    refuse_at_rest(engagement)
    nda = lock_nda(nda, engagement)
    if nda.state != Nda.State.IN_REVIEW or nda.digest != shown_digest:
        raise Conflict(_who_was_first(nda))
    return nda


def _who_was_first(nda: Nda) -> str:
    if nda.reviewed_by and nda.reviewed_at:
        return f"{nda.reviewed_by} reviewed {nda} on {told(nda.reviewed_at)}. Nothing was changed."
    return f"{nda} is at “{nda.get_state_display()}”: there is nothing to review. Nothing was changed."
