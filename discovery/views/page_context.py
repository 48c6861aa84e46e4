"""What every page of discovery knows of its engagement and its reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts.permissions import Permission, allowed
from accounts.reader import reader_of
from engagements.views.page_context import page_context

if TYPE_CHECKING:
    from accounts.reader import AnyRequest
    from engagements.models import Engagement


def evidence_context(request: AnyRequest, engagement: Engagement, **more: Any) -> dict[str, Any]:
    """What every discovery page knows: the engagement, and what this reader may do here."""
    reader = reader_of(request)
    return page_context(
        engagement,
        may_review=bool(allowed(reader, Permission.REVIEW, engagement.organization)),
        may_upload=bool(allowed(reader, Permission.UPLOAD, engagement.organization)),
        **more,
    )
