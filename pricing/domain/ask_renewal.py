from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.errors import Conflict
from engagements.domain.lock_engagement import lock_engagement
from pricing.domain.announce import announce_renewal
from pricing.domain.locks import lock_quote
from pricing.models import Quote, QuoteContact


@transaction.atomic
def ask_renewal(contact: QuoteContact) -> QuoteContact:
    """“Send a new one”, by the link of an expired quote. The data points are kept; asking twice tells sales once.

    It binds nobody, so no code is asked for, and nobody is named as the asker: only whose link it was.
    """
    engagement = lock_engagement(contact.quote.engagement_id)
    quote = lock_quote(contact.quote, engagement)
    if quote.state != Quote.State.EXPIRED and not (quote.state == Quote.State.SENT and quote.is_expired):
        raise Conflict(
            f"{quote.reference} is at “{quote.get_state_display()}”; a new one is asked for once it expired."
        )
    contact = QuoteContact.objects.select_for_update().get(pk=contact.pk)
    if contact.renewal_asked_at:
        return contact
    contact.quote, contact.renewal_asked_at = quote, timezone.now()
    contact.save(update_fields=["renewal_asked_at"])
    record("quote.renewal_asked", subject=quote, actor=None, reference=quote.reference, contact=str(contact))
    announce_renewal(contact)
    return contact
