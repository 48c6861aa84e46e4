"""What was agreed to be paid and why, from the accepted quote as it was sent."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engagements.models import Engagement
from pricing.calculation.books import book_on
from pricing.models import Quote
from reports.content.settled import People

# What the plan repeats of the quote. The rest stays on the quote, which the plan names.
_REPEATED = (
    "points",
    "sized_on",
    "diagnosis",
    "because",
    "rejected",
    "promises",
    "included",
    "exclusions",
    "licence",
    "fixed_fee",
    "refund",
)


@dataclass(frozen=True, slots=True)
class Offer:
    reference: str
    tier: str
    scope: str
    total: str
    accepted_by: str
    accepted_at: datetime | None
    receipt: str
    rollback_days: int
    monitoring_days: int
    said: dict[str, Any]


def accepted_offer(engagement: Engagement, people: People) -> Offer | None:
    """The quote the customer accepted last; it never changes afterwards."""
    quote = Quote.objects.filter(engagement=engagement).agreed().select_related("accepted_by").first()
    if quote is None:
        return None
    tier = book_on(date.fromisoformat(quote.snapshot["book_day"])).tier(quote.tier_key)
    return Offer(
        reference=quote.reference,
        tier=quote.tier_label,
        scope=quote.snapshot["tier"]["scope"],
        total=quote.snapshot["total"],
        accepted_by=people.name_of(quote.accepted_by),
        accepted_at=quote.accepted_at,
        receipt=quote.receipt,
        rollback_days=tier.rollback_days,
        monitoring_days=tier.monitoring_days,
        said={key: quote.snapshot[key] for key in _REPEATED},
    )
