from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict, DomainError
from engagements.domain.lock_engagement import lock_living
from pricing.domain.draft_quote import write_draft
from pricing.domain.locks import lock_quote
from pricing.domain.next_revision import next_revision
from pricing.models import Quote
from pricing.moves import OPEN
from pricing.scope import points_as_found


@transaction.atomic
def amend_quote(quote: Quote, *, actor: User, reason: str) -> Quote:
    """Draft the next revision of the accepted quote from what discovery found.

    The acceptance of the old one stays in force until the customer accepts the new one, and stays as evidence after.
    Raises Conflict when another quote is in force, or one is being offered already.
    """
    engagement = lock_living(quote.engagement_id)
    require(actor, Permission.SEND_QUOTE, engagement.organization)
    quote = lock_quote(quote, engagement)
    if quote != Quote.objects.filter(engagement=engagement).agreed().first():
        raise Conflict(f"{quote.reference} is not the quote in force for {engagement.code}; amend that one.")
    if offered := Quote.objects.filter(engagement=engagement, state__in=OPEN).first():
        raise Conflict(f"{offered.reference} is at “{offered.get_state_display()}” already. Continue that one.")
    if not reason.strip():
        raise DomainError("Say why: the reason is kept.")
    revision = next_revision(quote, actor=actor)
    revision.amends = quote
    revision = write_draft(revision, points_as_found(quote), actor=actor)
    facts = {"reference": quote.reference, "revision": revision.reference, "reason": reason.strip()}
    record("quote.amended", subject=revision, actor=actor, **facts)
    return revision
