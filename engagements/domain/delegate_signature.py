from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.domain.require_manager import whom_to_ask
from accounts.fresh_proof import refuse_unproved
from accounts.models import Duty, Membership, User
from accounts.permissions import Permission, people_with_duty, require
from core.audit import record
from core.errors import Conflict, DomainError, Refused
from core.masking import without_secrets
from engagements.domain.announce import announce_delegation
from engagements.domain.ask_signers import ask_signers
from engagements.domain.lock_engagement import lock_engagement, refuse_at_rest
from engagements.models import Delegation, FrozenDocument, Gate, RequiredSigner


@transaction.atomic
def delegate_signature(
    document: FrozenDocument, *, actor: User, to: User, reason: str, authenticated_at: datetime | None
) -> Delegation:
    """Hand one's signature on a document over to a colleague who has the duty for this phase.

    It holds for the phase: a later version is sent to the colleague as well. Raises Conflict when there is nothing to
    hand over any more.
    """
    engagement = lock_engagement(document.engagement_id)
    gate = Gate.objects.select_for_update(of=("self",)).select_related("current_document").get(pk=document.gate_id)
    gate.engagement = engagement
    require(actor, Permission.SIGN, engagement.organization, phase=gate.number)
    refuse_unproved(authenticated_at, "somebody else signs in your place then. Nothing was handed over.")
    refuse_at_rest(engagement)
    row, reason = _own_row(gate, document, actor), without_secrets(reason)
    if not reason:
        raise DomainError("Say why: the reason stands on the receipt beside both names.")
    _refuse_as_deputy(gate, document, to)
    delegation = Delegation.objects.create(
        gate=gate, document=document, given_by=actor, given_to=to, given_at=timezone.now(), reason=reason
    )
    row.user, row.named_by, row.named_at, row.asked_at = to, actor, delegation.given_at, None
    row.save(update_fields=["user", "named_by", "named_at", "asked_at"])
    record("gate.signature_delegated", subject=gate, actor=actor, gate=gate.number, to=to.full_label, reason=reason)
    ask_signers(gate, document)
    announce_delegation(delegation)
    return delegation


def _own_row(gate: Gate, document: FrozenDocument, actor: User) -> RequiredSigner:
    if gate.current_document_id != document.pk or gate.state != Gate.State.SUBMITTED:
        raise Conflict(f"“{document}” is not out for signature any more: there is nothing to hand over.")
    row = RequiredSigner.objects.filter(document=document, user=actor).first()
    if row is None:
        raise Refused("This document does not wait for your signature, so you cannot hand it over.")
    if document.signoffs.filter(signed_by=actor).exists():
        raise Conflict("You have signed this document already.")
    return row


def _refuse_as_deputy(gate: Gate, document: FrozenDocument, to: User) -> None:
    """Raise DomainError with what to do when this person cannot sign in somebody's place."""
    organization = gate.engagement.organization
    if document.required_signers.filter(user=to).exists():
        raise DomainError(f"{to} signs this document anyway. Nobody gives two of the signatures it asks for.")
    if to not in people_with_duty(organization, Duty.Kind.SIGN_PHASE, gate.number):
        whom = whom_to_ask(organization, Membership.Role.SIGNATORY, besides=to)
        raise DomainError(f"{to} does not have the duty to sign phase {gate.number}. Ask {whom} to give it first.")
    if document.frozen_by_id == to.pk:
        raise DomainError(f"{to} froze this document. Whoever asks for a signature does not give it.")
