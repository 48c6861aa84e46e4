"""What sales notes about a contact, and the mail that goes to one again."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import DomainError
from engagements.domain.lock_engagement import lock_engagement
from pricing.domain.accept_quote import refuse_closed, refuse_unless_open
from pricing.domain.announce import announce_quote
from pricing.domain.locks import lock_quote
from pricing.models import QuoteContact


@transaction.atomic
def record_bounce(contact: QuoteContact, *, actor: User, note: str) -> QuoteContact:
    """Note that the mail came back, with what the report said. No reminder goes there until it is mailed again."""
    contact = _lock(contact, actor)
    if not (words := " ".join(note.split())[:400]):
        raise DomainError("Write what came back: the note is what the next one reads.")
    contact.bounced_at, contact.bounced_by, contact.bounce_note = timezone.now(), actor, words
    contact.save(update_fields=["bounced_at", "bounced_by", "bounce_note"])
    record(
        "quote.bounced",
        subject=contact.quote,
        actor=actor,
        reference=contact.quote.reference,
        contact=str(contact),
        note=words,
    )
    return contact


@transaction.atomic
def mail_again(contact: QuoteContact, *, actor: User) -> QuoteContact:
    """Mail the same link once more, while the quote is open. A bounce before it counts no longer."""
    contact = _lock(contact, actor)
    refuse_unless_open(contact.quote)
    refuse_closed(contact.quote)
    contact.bounced_at, contact.bounced_by, contact.bounce_note = None, None, ""
    contact.save(update_fields=["bounced_at", "bounced_by", "bounce_note"])
    announce_quote(contact)
    record(
        "quote.mailed_again",
        subject=contact.quote,
        actor=actor,
        reference=contact.quote.reference,
        contact=str(contact),
    )
    return contact


def _lock(contact: QuoteContact, actor: User) -> QuoteContact:
    engagement = lock_engagement(contact.quote.engagement_id)
    require(actor, Permission.SEND_QUOTE, engagement.organization)
    quote = lock_quote(contact.quote, engagement)
    locked = QuoteContact.objects.select_for_update().get(pk=contact.pk)
    locked.quote = quote
    return locked
