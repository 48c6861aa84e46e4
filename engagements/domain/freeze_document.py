from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import digest_of, record
from core.documents import RenderedDocument, render_sealed
from core.errors import Conflict
from engagements.content import Content, current_content, kind_for, moved_between, reference_of, stamp_of, title_of
from engagements.domain.lock_engagement import lock_living
from engagements.domain.mark_stale import reopen_because
from engagements.models import FrozenDocument, Gate

MOST_NAMED = 5  # of what moved while a document was built


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """A document as rendered, not yet filed. `version` is printed on its pages."""

    kind: str
    reference: str
    title: str
    version: int
    content: Content
    rendered: RenderedDocument


def prepare_document(gate: Gate) -> PreparedDocument:
    """Render the gate's document as the next version. Slow, writes nothing."""
    kind, reference = kind_for(gate), reference_of(gate)
    version, content = _next_version(gate, reference), current_content(gate)
    stamp = stamp_of(gate, version, digest_of(content))
    rendered = render_sealed(kind, {"stamp": stamp, "content": content})
    return PreparedDocument(kind, reference, title_of(gate), version, content, rendered)


@transaction.atomic
def freeze_document(gate: Gate, prepared: PreparedDocument, *, actor: User) -> FrozenDocument:
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
    document = _file(gate, prepared, actor)
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


def _file(gate: Gate, prepared: PreparedDocument, actor: User) -> FrozenDocument:
    document: FrozenDocument = FrozenDocument.objects.create(
        engagement=gate.engagement,
        gate=gate,
        kind=prepared.kind,
        reference=prepared.reference,
        version=prepared.version,
        title=prepared.title,
        pdf=prepared.rendered.pdf,
        digest=prepared.rendered.digest,
        byte_count=len(prepared.rendered.pdf),
        page_count=prepared.rendered.page_count,
        snapshot=prepared.content,
        snapshot_digest=digest_of(prepared.content),
        frozen_at=timezone.now(),
        frozen_by=actor,
    )
    return document


def _next_version(gate: Gate, reference: str) -> int:
    latest = gate.engagement.documents.filter(reference=reference).aggregate(latest=Max("version"))["latest"]
    return (latest or 0) + 1


def _refuse_if_overtaken(gate: Gate, prepared: PreparedDocument) -> None:
    if prepared.version != _next_version(gate, prepared.reference):
        raise Conflict(f"Version {prepared.version} was frozen by somebody else meanwhile. Nothing was stored twice.")
    content = current_content(gate)
    if digest_of(prepared.content) != digest_of(content):
        moved = moved_between(prepared.kind, prepared.content, content, most=MOST_NAMED)
        raise Conflict(
            "The records changed while the document was being built. Nothing was frozen; build it again.", *moved
        )
