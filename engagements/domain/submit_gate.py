from collections.abc import Sequence

from django.db import transaction

from accounts.models import Duty, User
from accounts.permissions import people_with_duty
from core.audit import record
from core.errors import DomainError
from engagements.domain.announce import announce_submission
from engagements.domain.lock_engagement import lock_engagement
from engagements.domain.perform import perform
from engagements.models import FrozenDocument, Gate, RequiredSigner, SignOff


@transaction.atomic
def submit_gate(gate: Gate, *, actor: User) -> Gate:
    """Put the gate's frozen document up for signature by everybody who has the duty for this phase.

    The document may have been up before: whoever lost the duty since, and has not signed, is no longer waited for.
    """
    engagement = lock_engagement(gate.engagement_id)
    signers = people_with_duty(engagement.organization, Duty.Kind.SIGN_PHASE, gate.number)
    if not signers:
        raise DomainError(
            f"Nobody at {engagement.organization} signs phase {gate.number} yet. Give somebody that duty first."
        )
    perform("submit_gate", engagement=engagement, actor=actor, gate=gate)
    gate = Gate.objects.select_related("engagement__organization", "current_document").get(pk=gate.pk)
    document = gate.current_document
    if document is None:
        raise RuntimeError("the own checks let a gate without a document pass")
    _name_signers(gate, document, signers)
    record("gate.signers_named", subject=gate, actor=actor, gate=gate.number, signers=", ".join(map(str, signers)))
    announce_submission(gate, document, signers)
    return gate


def _name_signers(gate: Gate, document: FrozenDocument, signers: Sequence[User]) -> None:
    signed = SignOff.objects.filter(document=document).values("signed_by")
    RequiredSigner.objects.filter(document=document).exclude(user__in=signers).exclude(user__in=signed).delete()
    RequiredSigner.objects.bulk_create(
        [RequiredSigner(gate=gate, document=document, user=signer) for signer in signers], ignore_conflicts=True
    )
