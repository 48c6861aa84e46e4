"""The diagnosis of the request, for the vendor selection. Loaded by PricingConfig.ready()."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.reading import read_once
from discovery.advice import Advice, advises
from pricing.calculation.diagnosis import BAND_LABELS
from pricing.calculation.proposal import work_out
from pricing.in_force import book_now
from pricing.models import Request

if TYPE_CHECKING:
    from engagements.models import Engagement


@advises
@read_once
def diagnosed(engagement: Engagement) -> Advice | None:
    """What the data points as they stand speak for; None as long as they say nothing."""
    request = Request.objects.filter(engagement=engagement).first()
    if request is None:
        return None
    proposal = work_out(request.points, book_now())
    if not proposal.says_something:
        return None
    diagnosis = proposal.diagnosis
    return Advice(diagnosis.is_stay, BAND_LABELS[diagnosis.band], diagnosis.explanation)
