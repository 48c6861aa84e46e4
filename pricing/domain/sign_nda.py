from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import Organization
from accounts.permissions import Permission, is_staff, require
from core.audit import record
from core.errors import Conflict
from core.wording import told
from engagements.domain.keep_evidence import keep_evidence, said_of
from engagements.domain.lock_engagement import lock_engagement, refuse_at_rest
from pricing.domain.announce_nda import announce_nda_signature
from pricing.domain.lock_nda import lock_nda
from pricing.models import Nda, NdaSignature

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from engagements.domain.keep_evidence import Signature
    from engagements.models import Engagement

SIDES = len(NdaSignature.Side)


@transaction.atomic
def sign_nda(nda: Nda, *, actor: User, signature: Signature) -> NdaSignature:
    """Sign for the side the actor belongs to; the second side's signature concludes it and opens the uploads.

    Signing twice returns the first signature. Raises Refused, Conflict when a colleague was first or another text took
    the place of the one on screen, DomainError without a name or a fresh proof of who they are.
    """
    engagement = lock_engagement(nda.engagement_id)
    require(actor, Permission.SIGN_NDA, engagement.organization)
    nda, side = lock_nda(nda, engagement), side_of(actor)
    earlier = nda.signatures.filter(side=side).select_related("signed_by").first()
    if earlier and earlier.signed_by_id == actor.pk:
        return earlier
    refuse_at_rest(engagement)
    if earlier:
        when = told(earlier.signed_at)
        raise Conflict(f"{earlier.signed_by} signed this NDA on {when}. One signature a side is enough.")
    _refuse_other_text(nda, signature)
    signed = _write(nda, side, actor, signature)
    _follow(nda, side, signed.signed_at, actor)
    announce_nda_signature(nda, signed)
    return signed


def side_of(actor: User) -> str:
    return NdaSignature.Side.PRACTICE if is_staff(actor) else NdaSignature.Side.CUSTOMER


def party_of(side: str, engagement: Engagement) -> Organization:
    """For whom somebody of this side signs."""
    return Organization.objects.consultancy() if side == NdaSignature.Side.PRACTICE else engagement.organization


def _refuse_other_text(nda: Nda, signature: Signature) -> None:
    if nda.state != Nda.State.OPEN:
        raise Conflict(f"{nda} is at “{nda.get_state_display()}”: there is nothing to sign now. Nothing was signed.")
    if signature.shown_digest != nda.digest:
        raise Conflict("The text you were reading is not that of this NDA. Nothing was signed; read it again.")


def _write(nda: Nda, side: str, actor: User, signature: Signature) -> NdaSignature:
    signed = NdaSignature(nda=nda, side=side, signed_by=actor)
    keep_evidence(signed, actor=actor, signature=signature, counter="nda-signature", letter="N")
    party = party_of(side, nda.engagement).name
    said = {"number": nda.number, "party": party, "digest": nda.digest, **said_of(signed)}
    signed.chain_digest = record("nda.signed", subject=nda, actor=actor, **said).digest
    signed.save(force_insert=True)
    return signed


def _follow(nda: Nda, side: str, at: datetime, actor: User) -> None:
    """Move the clock; conclude the NDA with the signature of the second side."""
    is_both = nda.signatures.count() == SIDES
    if side == NdaSignature.Side.PRACTICE and nda.is_clock_running:
        nda.clock_stopped_at = at
    elif side == NdaSignature.Side.CUSTOMER and not nda.clock_started_at and not is_both:
        nda.clock_started_at = at
    if is_both:
        nda.conclude()
        record("nda.concluded", subject=nda, actor=actor, number=nda.number, digest=nda.digest)
    nda.save()
