"""The row lock of every act on a quote, taken after the engagement's."""

from engagements.models import Engagement
from pricing.models import Quote


def lock_quote(quote: Quote, engagement: Engagement) -> Quote:
    """The quote as it is now, with the locked engagement in place of its own copy."""
    related = ("accepted_by", "declined_by", "document")
    locked: Quote = Quote.objects.select_for_update(of=("self",)).select_related(*related).get(pk=quote.pk)
    locked.engagement = engagement
    return locked
