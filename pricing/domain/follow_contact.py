"""What sales notes about a contact, and the mail that goes to one again."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import record
from core.domain.note_failure import resume
from core.errors import Conflict, DomainError
from core.models import FailingAddress, OutboxMessage
from engagements.domain.lock_engagement import lock_engagement
from pricing.domain.accept_quote import refuse_closed, refuse_unless_open
from pricing.domain.announce import announce_quote
from pricing.domain.locks import lock_quote
from pricing.models import QuoteContact
from pricing.tracking import MAIL


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
    """Mail the same link once more, while the quote is open. A bounce before it counts no longer.

    Raises Conflict where mail to the address is held back: `resume_mail` is the way.
    """
    contact = _lock_to_mail(contact, actor)
    if FailingAddress.objects.of(contact.email).paused().exists():
        raise Conflict(
            f"Mail to {contact.email} comes back, so nothing is sent there. Nothing was changed. "
            "Reach them by another way, write how, and send it again with that reason."
        )
    announce_quote(contact)
    quote = contact.quote
    record("quote.mailed_again", subject=quote, actor=actor, reference=quote.reference, contact=str(contact))
    return contact


@transaction.atomic
def resume_mail(contact: QuoteContact, *, actor: User, reason: str) -> QuoteContact:
    """Send to an address again from which mail came back, and the link with it, because somebody knows more.

    Raises DomainError without a reason, Conflict where nothing is held back.
    """
    contact = _lock_to_mail(contact, actor)
    if not (words := " ".join(reason.split())[:400]):
        raise DomainError("Write how you know that mail arrives: the reason is what the next one reads.")
    resume(contact.email, actor=actor)
    if not OutboxMessage.objects.waiting().about(contact).filter(kind=MAIL).exists():
        announce_quote(contact)
    facts = {"reference": contact.quote.reference, "contact": str(contact), "reason": words}
    record("quote.mail_resumed", subject=contact.quote, actor=actor, **facts)
    return contact


def _lock_to_mail(contact: QuoteContact, actor: User) -> QuoteContact:
    """Of an open quote; a bounce before counts no longer."""
    contact = _lock(contact, actor)
    refuse_unless_open(contact.quote)
    refuse_closed(contact.quote)
    contact.bounced_at, contact.bounced_by, contact.bounce_note = None, None, ""
    contact.save(update_fields=["bounced_at", "bounced_by", "bounce_note"])
    return contact


def _lock(contact: QuoteContact, actor: User) -> QuoteContact:
    engagement = lock_engagement(contact.quote.engagement_id)
    require(actor, Permission.SEND_QUOTE, engagement.organization)
    quote = lock_quote(contact.quote, engagement)
    locked = QuoteContact.objects.select_for_update().get(pk=contact.pk)
    locked.quote = quote
    return locked
