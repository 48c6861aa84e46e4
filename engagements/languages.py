"""In which language the documents of an engagement are written that have no choice of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.languages import FIRST
from engagements.models import Gate

if TYPE_CHECKING:
    from engagements.models import Engagement


def language_of_plan(engagement: Engagement) -> str:
    """The language chosen for its plan, so far."""
    return Gate.objects.filter(engagement=engagement, number=1).values_list("language", flat=True).first() or FIRST
