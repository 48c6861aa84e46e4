"""How the page and the route of days find the engagement that an address names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from engagements.found import find_engagement

if TYPE_CHECKING:
    from accounts.reader import AnyRequest
    from engagements.models import Engagement


def find_spent(request: AnyRequest, code: str) -> Engagement:
    """The engagement for whoever may note days of it."""
    engagement = find_engagement(request, code)
    require(reader_of(request), Permission.NOTE_DAYS, engagement.organization)
    return engagement
