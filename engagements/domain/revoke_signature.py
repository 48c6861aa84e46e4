from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict, DomainError, Refused
from engagements.conditions import conditions_up_to
from engagements.domain.announce import announce_revocation
from engagements.domain.keep_evidence import Signature, keep_evidence, said_of
from engagements.domain.let_conditions_fall import let_conditions_fall
from engagements.domain.lock_engagement import lock_engagement
from engagements.domain.perform import perform
from engagements.models import Gate, Revocation, SignOff, StaleMark

_HOLDS = (Gate.State.SUBMITTED, Gate.State.SIGNED)


@transaction.atomic
def revoke_signature(signoff: SignOff, *, actor: User, signature: Signature, reason: str) -> Revocation:
    """Take one's own signature back by another one; the gate opens again and a new version has to be frozen.

    Revoking twice returns the first revocation. Raises Conflict when the signature holds nothing any more, GateClosed
    when the next phase stands on it already: the sentence says what has to be done first.
    """
    engagement = lock_engagement(signoff.gate.engagement_id)
    gate = Gate.objects.select_for_update(of=("self",)).select_related("current_document").get(pk=signoff.gate_id)
    gate.engagement = engagement
    if signoff.signed_by_id != actor.pk:
        raise Refused(f"Only {signoff.signed_by} can revoke this signature.")
    require(actor, Permission.SIGN, engagement.organization, phase=gate.number)
    if earlier := Revocation.objects.filter(signoff=signoff).first():
        return earlier
    _refuse_what_holds_nothing(gate, signoff, signature)
    if not reason.strip():
        raise DomainError("Say why: the reason is kept with the signature and sent to everybody who signed.")
    revocation = Revocation(signoff=signoff, signed_by=actor, reason=reason.strip())
    keep_evidence(revocation, actor=actor, signature=signature, counter="revocation", letter="R")
    revocation.chain_digest = _enter(revocation, actor)
    revocation.save(force_insert=True)
    _mark_the_others(revocation)
    _end_conditions(revocation)
    perform("revoke_gate", engagement=engagement, actor=actor, gate=gate, note=revocation.reason)
    announce_revocation(revocation)
    return revocation


def _refuse_what_holds_nothing(gate: Gate, signoff: SignOff, signature: Signature) -> None:
    if signature.shown_digest != signoff.document_digest:
        raise Conflict("The page showed another document than the one you signed. Nothing was revoked.")
    if gate.current_document_id != signoff.document_id or gate.state not in _HOLDS:
        raise Conflict(f"“{signoff.document}” holds nothing any more: phase {gate.number} waits for a new version.")


def _mark_the_others(revocation: Revocation) -> None:
    """What the others signed was signed by all of them; it does not hold without this one."""
    signoff = revocation.signoff
    said = f"{revocation.signed_by} revoked signature {signoff.reference}: {revocation.reason}"
    others = SignOff.objects.filter(document=signoff.document_id, stale_marks=None).exclude(pk=signoff.pk)
    for other in others:
        StaleMark.objects.create(signoff=other, marked_at=timezone.now(), changes=[said])


def _end_conditions(revocation: Revocation) -> None:
    """Conditions belong to the word of whoever signed, so those of replaced signatures end with it as well."""
    signoff = revocation.signoff
    conditions = conditions_up_to(signoff, gate_id=signoff.gate_id, signer_id=signoff.signed_by_id)
    let_conditions_fall(conditions, actor=revocation.signed_by, at=revocation.signed_at, by=revocation.reference)


def _enter(revocation: Revocation, actor: User) -> str:
    document = revocation.signoff.document
    event = record(
        "document.signature_revoked",
        subject=document,
        actor=actor,
        title=document.title,
        version=document.version,
        digest=document.digest,
        signature=revocation.signoff.reference,
        reason=revocation.reason,
        **said_of(revocation),
    )
    return event.digest
