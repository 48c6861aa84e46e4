"""What a gate's document would say now, stamped as a draft: for the page, and for the preview nobody can sign."""

from typing import Any

from django.db.models import Max

from core.audit import digest_of
from core.documents import RenderedDocument
from engagements.content import current_content, kind_for
from engagements.models import FrozenDocument, Gate
from reports.rendering import render_kind


def title_of(gate: Gate) -> str:
    return kind_for(gate).label if gate.number == 1 else f"Record of phase {gate.number}: {gate.label}"


def draft_of(gate: Gate) -> dict[str, Any]:
    """A snapshot of the records as they stand, under the number the next version would get."""
    content = current_content(gate)
    latest = gate.documents.aggregate(latest=Max("version"))["latest"] or 0
    return {"stamp": _stamp(gate, latest + 1, digest_of(content)) | {"is_draft": True}, "content": content}


def frozen_snapshot(gate: Gate, document: FrozenDocument) -> dict[str, Any]:
    """What a frozen document says, under the stamp its pages carry."""
    return {"stamp": _stamp(gate, document.version, document.snapshot_digest), "content": document.snapshot}


def _stamp(gate: Gate, version: int, digest: str) -> dict[str, Any]:
    return {
        "reference": f"{gate.engagement.code}-G{gate.number}",
        "version": version,
        "title": title_of(gate),
        "snapshot_digest": digest,
        "organization": gate.engagement.organization.name,
    }


def preview_pdf(gate: Gate) -> RenderedDocument:
    """The draft laid out as it would be frozen. Slow, writes nothing."""
    return render_kind(kind_for(gate).value, draft_of(gate))
