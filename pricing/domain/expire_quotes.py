from django.db import transaction

from core.audit import record
from pricing.domain.locks import lock_engagement
from pricing.models import Quote


def expire_quotes() -> int:
    """Close every open quote whose last day has passed; returns how many. Safe to run twice, or twice at once."""
    return sum(_expire(pk, engagement) for pk, engagement in Quote.objects.overdue().values_list("pk", "engagement_id"))


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
