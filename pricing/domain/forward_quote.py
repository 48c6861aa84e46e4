from datetime import datetime

from django.db import transaction

from accounts.fresh_proof import refuse_unproved
from accounts.models import Membership, User
from accounts.permissions import Permission, require_any
from core.audit import record
from core.errors import Conflict, DomainError
from core.wording import told
from engagements.domain.lock_engagement import lock_engagement
from pricing.domain.accept_quote import refuse_closed, refuse_unless_open
from pricing.domain.add_contacts import add_contact
from pricing.domain.announce import announce_quote
from pricing.domain.locks import lock_quote
from pricing.domain.offer_seat import Addressee, is_member, may_answer, offer_seat
from pricing.models import Quote, QuoteContact

CONTACTS_AT_MOST = 20
MAY_FORWARD = [Permission.ACCEPT_QUOTE, Permission.SEND_QUOTE]


@transaction.atomic
def forward_quote(
    quote: Quote, *, actor: User, authenticated_at: datetime | None, email: str, full_name: str
) -> QuoteContact:
    """Put an open quote before somebody else: a link of their own, and a seat with the duty where they have none.

    Whoever may accept a quote may let a colleague accept it; the forwarder's link stays theirs. Raises Conflict when
    the address has the quote, DomainError for a member who may not accept.
    """
    engagement = lock_engagement(quote.engagement_id)
    quote = lock_quote(quote, engagement)
    require_any(actor, MAY_FORWARD, engagement.organization)
    refuse_unless_open(quote)
    refuse_closed(quote)
    addressee = Addressee(email.strip().lower(), " ".join(full_name.split()), QuoteContact.Origin.FORWARD)
    _refuse_known(quote, addressee)
    refuse_unproved(authenticated_at, "whoever is sent a quote may accept it. Nothing was sent.")
    _let_in(quote, addressee, actor)
    contact = add_contact(quote, addressee, actor=actor)
    announce_quote(contact)
    record("quote.forwarded", subject=quote, actor=actor, reference=quote.reference, contact=str(contact))
    return contact


def _refuse_known(quote: Quote, addressee: Addressee) -> None:
    if not addressee.email or not addressee.full_name:
        raise DomainError("Name the colleague and their address.")
    if already := quote.contacts.filter(email__iexact=addressee.email).first():
        raise Conflict(
            f"{already.full_name} got {quote.reference} on {told(already.added_at)}, with a link of their own."
            " Nothing was sent again."
        )
    if quote.contacts.count() >= CONTACTS_AT_MOST:
        raise DomainError(f"{quote.reference} went to {CONTACTS_AT_MOST} people already. Ask the practice to add more.")


def _let_in(quote: Quote, addressee: Addressee, actor: User) -> None:
    organization = quote.engagement.organization
    if may_answer(addressee.email, organization):
        return
    if is_member(addressee.email, organization):
        raise DomainError(
            f"{addressee.email} belongs to {organization} without the duty to accept quotes."
            " Give them that duty under People first, or forward to somebody else."
        )
    if quote.valid_until:
        offer_seat(organization, addressee, role=Membership.Role.FINANCE, open_until=quote.valid_until, actor=actor)
