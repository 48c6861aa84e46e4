from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.audit import record
from core.remarks import add_remark
from engagements.content import OVER_A_DOCUMENT, current_content, moved_since
from engagements.domain.announce import announce_stale
from engagements.domain.perform import perform
from engagements.models import Engagement, Gate, SignOff, StaleMark


@transaction.atomic
def mark_stale(engagement: Engagement, *, actor: User) -> list[Gate]:
    """Compare every document out for signature, or signed, with the records now; reopen the gates that moved.

    Called by whatever changes records a document speaks of, in the same transaction.
    """
    reopened = []
    gates = engagement.gates.filter(state__in=OVER_A_DOCUMENT).select_related("current_document", "engagement")
    for gate in gates.order_by("number"):
        document = gate.current_document
        if document is None:
            continue
        if changes := moved_since(document, current_content(gate)):
            reopen_because(gate, changes, actor=actor)
            reopened.append(gate)
            add_remark(
                f"By this {document} no longer tells what holds: phase {gate.number} needs a new version and new"
                " signatures. Whoever signed it or was asked to is told."
            )
    return reopened


def reopen_because(gate: Gate, changes: Sequence[str], *, actor: User) -> None:
    """Close a gate again over a document that no longer holds, and mark what was signed on it."""
    document = gate.current_document
    if document is None:
        return
    for signoff in SignOff.objects.filter(document=document, stale_marks=None):
        StaleMark.objects.create(signoff=signoff, marked_at=timezone.now(), changes=list(changes))
    record(
        "document.stale",
        subject=document,
        actor=actor,
        title=document.title,
        version=document.version,
        first_change=changes[0] if changes else "the records moved",
        changes=list(changes),
    )
    announce_stale(document, changes, actor=actor)
    perform(
        "reopen_gate", engagement=gate.engagement, actor=actor, gate=gate, note=changes[0] if changes else "Changed"
    )
