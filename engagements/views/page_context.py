"""What every page inside an engagement shows: the engagement and how far it is signed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engagements.overview import signed_share

if TYPE_CHECKING:
    from engagements.models import Engagement


def page_context(engagement: Engagement, **more: Any) -> dict[str, Any]:
    """What every page inside an engagement shows: the engagement and how far it is signed."""
    return {"engagement": engagement, "split_percent": signed_share(engagement), **more}
