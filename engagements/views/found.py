"""How a view finds what a URL names: always through what this reader may see, else 404."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404

from accounts.reader import reader_of
from engagements.elsewhere import found_or_elsewhere
from engagements.models import Engagement, Gate
from engagements.overview import signed_share

if TYPE_CHECKING:
    from accounts.reader import AnyRequest


def find_engagement(request: AnyRequest, code: str) -> Engagement:
    visible = Engagement.objects.visible_to(reader_of(request)).select_related("organization", "lead")
    engagement: Engagement = found_or_elsewhere(visible, reader_of(request), code, code=code)
    return engagement


def find_gate(request: AnyRequest, code: str, number: int) -> Gate:
    visible = Gate.objects.visible_to(reader_of(request)).select_related(
        "engagement__organization", "engagement__lead", "current_document"
    )
    gate: Gate = found_or_elsewhere(visible, reader_of(request), code, engagement__code=code, number=number)
    if number > gate.engagement.last_phase:
        raise Http404("a phase that was not bought")
    return gate


def page_context(engagement: Engagement, **more: Any) -> dict[str, Any]:
    """What every page inside an engagement shows: the engagement and how far it is signed."""
    return {"engagement": engagement, "split_percent": signed_share(engagement), **more}
