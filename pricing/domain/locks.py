"""The row lock of every act on a quote or a request, taken after the engagement's."""

from engagements.domain.lock_engagement import lock_engagement
from engagements.models import Engagement
from pricing.models import Quote, Request


def lock_quote(quote: Quote, engagement: Engagement) -> Quote:
    """The quote as it is now, with the locked engagement in place of its own copy."""
    related = ("accepted_by", "declined_by", "document")
    locked: Quote = Quote.objects.select_for_update(of=("self",)).select_related(*related).get(pk=quote.pk)
    locked.engagement = engagement
    return locked


def lock_request(pk: int, engagement_pk: int) -> Request:
    """The request as it is now, with its clock, its owner and its organization; its engagement is locked first."""
    lock_engagement(engagement_pk)
    rows = Request.objects.with_clock().select_related("engagement__organization", "engagement__lead", "owner")
    return rows.select_for_update(of=("self",)).get(pk=pk)
