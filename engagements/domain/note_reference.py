from django.db import transaction

from accounts.models import User
from accounts.permissions import require_any
from core.audit import record
from core.errors import DomainError
from engagements.domain.lock_engagement import lock_living
from engagements.models import Gate, GateTask
from engagements.parties import PARTY_PERMISSIONS

LONGEST = 80


@transaction.atomic
def note_reference(gate: Gate, *, actor: User, text: str) -> Gate:
    """Keep the number under which the customer's own change management knows this gate; "" takes it off."""
    engagement = lock_living(gate.engagement_id)
    require_any(actor, PARTY_PERMISSIONS[GateTask.Party.JOINT], engagement.organization)
    text = " ".join(text.split())
    if len(text) > LONGEST:
        raise DomainError(f"A change number has at most {LONGEST} characters. Nothing was changed.")
    gate = Gate.objects.select_for_update(of=("self",)).get(pk=gate.pk)
    if text == gate.external_reference:
        return gate
    before, gate.external_reference = gate.external_reference, text
    gate.save(update_fields=["external_reference"])
    record("gate.reference_noted", subject=gate, actor=actor, gate=gate.number, was=before, reference=text or "none")
    return gate
