from dataclasses import replace

from django.db import transaction

from accounts.models import Duty, User
from accounts.permissions import Permission, require, who_gave
from core.audit import record
from core.errors import Conflict, Refused
from core.wording import told
from engagements.domain.announce import announce_signature
from engagements.domain.ask_signers import ask_signers
from engagements.domain.keep_evidence import Signature, keep_evidence, said_of
from engagements.domain.lock_engagement import lock_engagement, refuse_at_rest
from engagements.domain.perform import perform
from engagements.domain.set_reservations import Reservations, reserved_by, set_reservations
from engagements.models import FrozenDocument, Gate, SignOff
from engagements.signing_order import earlier_signature, waits_for
from engagements.statements import Reserved, declared

NONE = Reservations()


@transaction.atomic
def sign_document(
    document: FrozenDocument, *, actor: User, signature: Signature, reservations: Reservations = NONE
) -> SignOff:
    """Sign the current document of its gate; the last required signature signs the gate.

    Signing twice returns the first signature. Raises Conflict when another version replaced the one on screen.
    """
    engagement = lock_engagement(document.engagement_id)
    gate = (
        Gate.objects.select_for_update(of=("self",)).select_related("engagement__organization").get(pk=document.gate_id)
    )
    gate.engagement = engagement
    require(actor, Permission.SIGN, engagement.organization, phase=gate.number)
    if earlier := SignOff.objects.filter(document=document, signed_by=actor).first():
        return earlier
    refuse_at_rest(engagement)
    _refuse_another_text(gate, document, signature)
    _require_named_signer(document, actor)
    signoff = _write(gate, document, actor, signature, reservations)
    set_reservations(signoff, reservations)
    if document.required_signers.unsigned().exists():
        ask_signers(gate, document)
    else:
        perform("sign_gate", engagement=engagement, actor=actor, gate=gate)
    announce_signature(gate, signoff)
    return signoff


def _refuse_another_text(gate: Gate, document: FrozenDocument, signature: Signature) -> None:
    current = gate.current_document
    if current is None or current.pk != document.pk or signature.shown_digest != document.digest:
        newer = f"Version {current.version} replaced it on {told(current.frozen_at)}. " if current else ""
        raise Conflict(f"The text you were reading is not the current one. {newer}Nothing was signed.")
    if gate.state != Gate.State.SUBMITTED:
        raise Conflict(f"Phase {gate.number} is at “{gate.get_state_display()}”: there is nothing to sign now.")


def _require_named_signer(document: FrozenDocument, actor: User) -> None:
    named = [row.user for row in document.required_signers.select_related("user")]
    if actor not in named:
        raise Refused(f"This document waits for {', '.join(str(person) for person in named)}.")
    if first := waits_for(document, actor):
        raise Conflict(f"This document waits for {first} first. You are asked once they have signed.")


def _write(
    gate: Gate, document: FrozenDocument, actor: User, signature: Signature, reservations: Reservations
) -> SignOff:
    signoff = SignOff(gate=gate, document=document, signed_by=actor, external_reference=gate.external_reference)
    signoff.replaces = earlier_signature(document, actor)
    signoff.named_by = who_gave(actor, Duty.Kind.SIGN_PHASE, gate.engagement.organization, phase=gate.number)
    reserved = reserved_by(signoff, reservations)
    signature = replace(signature, statement=declared(signature.statement, document, reserved))
    keep_evidence(signoff, actor=actor, signature=signature, counter="signoff", letter="S")
    signoff.chain_digest = _enter(signoff, actor, reserved)
    signoff.save(force_insert=True)
    return signoff


def _enter(signoff: SignOff, actor: User, reserved: Reserved) -> str:
    """Write the signature into the ledger; returns the head of the chain with it and all that it reserves."""
    document = signoff.document
    event = record(
        "document.signed",
        subject=document,
        actor=actor,
        title=document.title,
        version=document.version,
        digest=document.digest,
        snapshot_digest=document.snapshot_digest,
        named_by=signoff.named_by,
        reserved=reserved,
        **said_of(signoff),
    )
    return event.digest
