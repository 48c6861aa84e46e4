"""What a gate's document would say now, stamped as a draft: for the page, and for the preview nobody can sign."""

from typing import Any

from django.db.models import Max

from core.audit import digest_of
from core.documents import RenderedDocument, render_document
from engagements.content import current_content, kind_for, reference_of, stamp_of
from engagements.models import FrozenDocument, Gate
from reports.models import DraftReview


def next_version(gate: Gate) -> int:
    """The number that the next frozen version would get."""
    frozen = gate.documents.filter(reference=reference_of(gate))
    return (frozen.aggregate(latest=Max("version"))["latest"] or 0) + 1


def review_of(gate: Gate) -> DraftReview | None:
    """The review in which the draft is; None while only the practice reads it."""
    reviews = DraftReview.objects.filter(gate=gate, version=next_version(gate))
    return reviews.select_related("opened_by").first()


def draft_of(gate: Gate) -> dict[str, Any]:
    """A snapshot of the records as they stand, under the number the next version would get."""
    content = current_content(gate)
    return {"stamp": stamp_of(gate, next_version(gate), digest_of(content)) | {"is_draft": True}, "content": content}


def frozen_snapshot(gate: Gate, document: FrozenDocument) -> dict[str, Any]:
    """What a frozen document says, under the stamp its pages carry."""
    return {"stamp": stamp_of(gate, document.version, document.snapshot_digest), "content": document.snapshot}


def render_draft(gate: Gate, draft: dict[str, Any]) -> RenderedDocument:
    """The draft laid out as it would be frozen, without a seal. Slow, writes nothing."""
    return render_document(kind_for(gate).value, draft)
