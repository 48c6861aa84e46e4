from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from core.audit import digest_of
from core.documents import RenderedDocument
from engagements.models import Engagement, FrozenDocument
from pricing.content import Content


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of pricing as it was drawn, with the content it was drawn from."""

    kind: FrozenDocument.Kind
    reference: str
    version: int
    title: str
    content: Content
    rendered: RenderedDocument


def file_paper(engagement: Engagement, paper: Paper, *, actor: User, at: datetime) -> FrozenDocument:
    """Keep the bytes for good. Part of the transaction that puts the paper before the customer."""
    return FrozenDocument.objects.create(
        engagement=engagement,
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
