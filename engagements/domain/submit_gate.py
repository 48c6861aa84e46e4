from django.db import transaction

from accounts.models import Duty, User
from accounts.permissions import people_with_duty
from core.errors import DomainError
from engagements.domain.announce import announce_submission
from engagements.domain.perform import perform
from engagements.models import Engagement, Gate, RequiredSigner


@transaction.atomic
def submit_gate(gate: Gate, *, actor: User) -> Gate:
    """Put the gate's frozen document up for signature by everybody who has the duty for this phase."""
    engagement = (
        Engagement.objects.select_for_update(of=("self",)).select_related("organization").get(pk=gate.engagement_id)
    )
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
    RequiredSigner.objects.bulk_create(
        [RequiredSigner(gate=gate, document=document, user=signer) for signer in signers], ignore_conflicts=True
    )
    announce_submission(gate, document, signers)
    return gate
