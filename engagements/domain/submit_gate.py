from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from core.audit import record
from core.errors import DomainError
from engagements.domain.ask_signers import ask_signers, name_signers
from engagements.domain.lock_engagement import lock_engagement
from engagements.domain.perform import perform
from engagements.models import Gate
from engagements.models.signer import MOST_TURNS
from engagements.signing_order import signers_of_gate


@transaction.atomic
def submit_gate(gate: Gate, *, actor: User, turns: Mapping[int, int] | None = None) -> Gate:
    """Put the gate's frozen document up for signature by everybody who has the duty for this phase.

    `turns` says in which order, by the id of the person; without it all are asked at once.
    """
    engagement = lock_engagement(gate.engagement_id)
    gate.engagement = engagement
    signers = signers_of_gate(gate)
    if not signers:
        raise DomainError(
            f"Nobody at {engagement.organization} signs phase {gate.number} yet. Give somebody that duty first."
        )
    turns = turns or {}
    if any(not 1 <= turn <= MOST_TURNS for turn in turns.values()):
        raise DomainError(f"Turns are counted from 1 to {MOST_TURNS}. Nobody was asked.")
    perform("submit_gate", engagement=engagement, actor=actor, gate=gate)
    gate = Gate.objects.select_related("engagement__organization", "current_document").get(pk=gate.pk)
    document = gate.current_document
    if document is None:
        raise RuntimeError("the own checks let a gate without a document pass")
    name_signers(gate, document, signers, turns=turns, named_by=actor)
    named = [f"{row.user} (turn {row.turn})" if turns else str(row.user) for row in document.required_signers.all()]
    record("gate.signers_named", subject=gate, actor=actor, gate=gate.number, signers=", ".join(named))
    ask_signers(gate, document)
    return gate
