from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from core.audit import digest_of
from core.documents import RenderedDocument
from engagements.content import Content
from engagements.models import Engagement, FrozenDocument, Gate


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as it was drawn, not yet filed, with what it was drawn from. `version` is printed on its pages."""

    kind: str
    reference: str
    version: int
    title: str
    content: Content
    rendered: RenderedDocument


def file_paper(
    engagement: Engagement, paper: Paper, *, actor: User, at: datetime, gate: Gate | None = None
) -> FrozenDocument:
    """Keep the bytes for good. Part of the transaction that puts the paper before the customer."""
    document: FrozenDocument = FrozenDocument.objects.create(
        engagement=engagement,
        gate=gate,
        kind=paper.kind,
        reference=paper.reference,
        version=paper.version,
        title=paper.title,
        pdf=paper.rendered.pdf,
        digest=paper.rendered.digest,
        byte_count=len(paper.rendered.pdf),
        page_count=paper.rendered.page_count,
        snapshot=paper.content,
        snapshot_digest=digest_of(paper.content),
        frozen_at=at,
        frozen_by=actor,
    )
    return document
