from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import record
from core.domain.take_number import take_number
from core.errors import Conflict, DomainError, Refused
from core.origin import Origin, current_origin
from core.wording import told
from engagements.domain.announce import announce_signature
from engagements.domain.lock_engagement import lock_engagement, refuse_at_rest
from engagements.domain.perform import perform
from engagements.models import FrozenDocument, Gate, RequiredSigner, SignOff


@dataclass(frozen=True, slots=True)
class Signature:
    """What the signer entered and saw.

    `shown_digest` is the SHA-256 of the PDF that was on screen, `authenticated_at` when they last proved who they are.
    """

    typed_name: str
    role_title: str
    statement: str
    statement_version: str
    shown_digest: str
    authenticated_at: datetime | None


@transaction.atomic
def sign_document(document: FrozenDocument, *, actor: User, signature: Signature) -> SignOff:
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
    authenticated_at = _proved_at(signature)
    _require_named_signer(document, actor)
    signoff = _write(gate, document, actor, signature, authenticated_at)
    signed = SignOff.objects.filter(document=document).values("signed_by")
    if not RequiredSigner.objects.filter(document=document).exclude(user__in=signed).exists():
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


def _proved_at(signature: Signature) -> datetime:
    if not signature.typed_name.strip() or not signature.role_title.strip():
        raise DomainError("Type your full name and your role: both stand on the signed document.")
    oldest = timezone.now() - timedelta(seconds=settings.SIGNING_AUTHENTICATION_SECONDS)
    if signature.authenticated_at is None or signature.authenticated_at < oldest:
        raise DomainError("Confirm who you are once more before you sign.")
    return signature.authenticated_at


def _require_named_signer(document: FrozenDocument, actor: User) -> None:
    named = [row.user for row in document.required_signers.select_related("user")]
    if actor not in named:
        raise Refused(f"This document waits for {', '.join(str(person) for person in named)}.")


def _write(
    gate: Gate, document: FrozenDocument, actor: User, signature: Signature, authenticated_at: datetime
) -> SignOff:
    now, origin = timezone.now(), current_origin() or Origin()
    signoff = SignOff(
        reference=f"S-{now.year}-{take_number(f'signoff-{now.year}'):04d}",
        gate=gate,
        document=document,
        document_digest=document.digest,
        signed_by=actor,
        signed_at=now,
        signer_label=actor.full_label,
        typed_name=signature.typed_name.strip(),
        role_title=signature.role_title.strip(),
        statement=signature.statement,
        statement_version=signature.statement_version,
        authentication=origin.authentication,
        authenticated_at=authenticated_at,
        ip_address=origin.ip_address,
        user_agent=origin.user_agent,
        time_zone=origin.time_zone,
    )
    signoff.chain_digest = _enter(signoff, actor)
    signoff.save(force_insert=True)
    return signoff


def _enter(signoff: SignOff, actor: User) -> str:
    """Write the signature into the ledger; returns the head of the chain with it."""
    document = signoff.document
    said = ("reference", "typed_name", "role_title", "statement", "statement_version", "authentication")
    event = record(
        "document.signed",
        subject=document,
        actor=actor,
        title=document.title,
        version=document.version,
        digest=document.digest,
        snapshot_digest=document.snapshot_digest,
        **{name: getattr(signoff, name) for name in said},
    )
    return event.digest
