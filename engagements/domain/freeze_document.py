from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import digest_of, record
from core.documents import render_sealed
from core.errors import Conflict
from engagements.content import current_content, kind_for, moved_between, reference_of, stamp_of, title_of
from engagements.domain.file_paper import Paper, file_paper
from engagements.domain.lock_engagement import lock_living
from engagements.domain.mark_stale import reopen_because
from engagements.models import FrozenDocument, Gate

MOST_NAMED = 5  # of what moved while a document was built


def prepare_document(gate: Gate) -> Paper:
    """Render the gate's document as the next version. Slow, writes nothing."""
    kind, reference = kind_for(gate), reference_of(gate)
    version, content = _next_version(gate, reference), current_content(gate)
    stamp = stamp_of(gate, version, digest_of(content))
    rendered = render_sealed(kind, {"stamp": stamp, "content": content})
    return Paper(kind, reference, version, title_of(gate), content, rendered)


@transaction.atomic
def freeze_document(gate: Gate, prepared: Paper, *, actor: User) -> FrozenDocument:
    """File a prepared document as the one the gate is signed over. Earlier signatures become stale.

    Raises Conflict when the records moved, or somebody froze another version, while this one was rendered.
    """
    lock_living(gate.engagement_id)
    gate = Gate.objects.select_for_update(of=("self",)).select_related("engagement__organization").get(pk=gate.pk)
    engagement = gate.engagement
    require(actor, Permission.FREEZE, engagement.organization)
    if gate.state == Gate.State.LOCKED:
        raise Conflict(f"Phase {gate.number} has not begun: its document cannot be frozen yet.")
    _refuse_if_overtaken(gate, prepared)
    document = file_paper(engagement, prepared, gate=gate, actor=actor, at=timezone.now())
    if gate.state != Gate.State.OPEN:
        reopen_because(gate, [f"Version {document.version} replaces it."], actor=actor)
    Gate.objects.filter(pk=gate.pk).update(current_document=document)
    record(
        "document.frozen",
        subject=document,
        actor=actor,
        title=document.title,
        version=document.version,
        digest=document.digest,
        snapshot_digest=document.snapshot_digest,
    )
    return document


def _next_version(gate: Gate, reference: str) -> int:
    latest = gate.engagement.documents.filter(reference=reference).aggregate(latest=Max("version"))["latest"]
    return (latest or 0) + 1


def _refuse_if_overtaken(gate: Gate, prepared: Paper) -> None:
    if prepared.version != _next_version(gate, prepared.reference):
        raise Conflict(f"Version {prepared.version} was frozen by somebody else meanwhile. Nothing was stored twice.")
    content = current_content(gate)
    if digest_of(prepared.content) != digest_of(content):
        moved = moved_between(prepared.kind, prepared.content, content, most=MOST_NAMED)
        raise Conflict(
            "The records changed while the document was being built. Nothing was frozen; build it again.", *moved
        )
