from django.db import transaction
from django.db.models import QuerySet

from core.audit import record
from core.rounds import each
from engagements.domain.lock_engagement import lock_engagement
from engagements.models import Engagement
from pricing.domain.revise_quote import take_back
from pricing.models import Quote

CANCELLED = "The engagement was cancelled."


def take_back_cancelled() -> int:
    """Take back what is still open of cancelled engagements; returns how many. Safe to run twice, or twice at once."""
    left = _left_open().values_list("pk", "engagement_id")
    return each(lambda row: _take_back(*row), left)


def _left_open() -> QuerySet[Quote]:
    """Drafts and open quotes of engagements that were cancelled."""
    states = [Quote.State.DRAFT, Quote.State.SENT]
    left: QuerySet[Quote] = Quote.objects.filter(engagement__phase=Engagement.Phase.CANCELLED, state__in=states)
    return left


@transaction.atomic
def _take_back(pk: int, engagement: int) -> bool:
    locked = lock_engagement(engagement)
    quote = _left_open().select_for_update(of=("self",)).filter(pk=pk).first()
    if quote is None:
        return False
    quote.engagement = locked
    take_back(quote, actor=None, reason=CANCELLED)
    return True


def expire_quotes() -> int:
    """Close every open quote whose last day has passed; returns how many. Safe to run twice, or twice at once."""
    return each(lambda row: _expire(*row), Quote.objects.overdue().values_list("pk", "engagement_id"))


@transaction.atomic
def _expire(pk: int, engagement: int) -> bool:
    lock_engagement(engagement)
    quote = Quote.objects.overdue().select_for_update(of=("self",)).filter(pk=pk).first()
    if quote is None:
        return False
    quote.expire()
    quote.save(update_fields=["state"])
    record("quote.expired", subject=quote, actor=None, reference=quote.reference)
    return True
