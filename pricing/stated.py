"""What the customer said of the volume at intake, for those who measure it. Loaded by PricingConfig.ready()."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discovery.stated import StatedVolume, states_volume
from pricing.models import Request

if TYPE_CHECKING:
    from engagements.models import Engagement


def said_at_intake(engagement: Engagement) -> StatedVolume | None:
    asked = Request.objects.filter(engagement=engagement).only("month", "peak").first()
    return StatedVolume(asked.month, asked.peak) if asked else None


states_volume(said_at_intake)
