from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict
from engagements.domain.lock_engagement import lock_engagement
from engagements.models import Question
from pricing.content import valid_until_text
from pricing.domain.announce import announce_renewal
from pricing.domain.ask_about_quote import ask_about_quote
from pricing.domain.locks import lock_quote
from pricing.models import Quote, QuoteContact

LONGEST_NAME = 250  # of the column: a contact with name and address can be longer


@transaction.atomic
def ask_renewal(quote: Quote, *, actor: User) -> Question:
    """Ask for a new quote in place of an expired one, as a question. The data points are kept.

    Asked twice, by whomever, it is the question that stands already; sales hears of it once.
    """
    quote = _lock_expired(quote)
    require(actor, Permission.ASK, quote.engagement.organization)
    if asked := _asked(quote):
        return asked
    _note(quote, by=str(actor), at=timezone.now())
    return ask_about_quote(quote, actor=actor, text=_text(quote))


@transaction.atomic
def ask_renewal_by_link(contact: QuoteContact) -> QuoteContact:
    """The same by the link of a contact. It binds nobody, so no code is asked for, and only the link is named."""
    quote = _lock_expired(contact.quote)
    contact = QuoteContact.objects.select_for_update().get(pk=contact.pk)
    if contact.renewal_asked_at:
        return contact
    contact.quote, contact.renewal_asked_at = quote, timezone.now()
    contact.save(update_fields=["renewal_asked_at"])
    _note(quote, by=str(contact), at=contact.renewal_asked_at)
    record("quote.renewal_asked", subject=quote, actor=None, reference=quote.reference, contact=str(contact))
    if _asked(quote) is None:
        announce_renewal(contact)
    return contact


def _lock_expired(quote: Quote) -> Quote:
    quote = lock_quote(quote, lock_engagement(quote.engagement_id))
    if not quote.has_run_out:
        raise Conflict(
            f"{quote.reference} is at “{quote.get_state_display()}”; a new one is asked for once it expired."
        )
    return quote


def _note(quote: Quote, *, by: str, at: datetime) -> None:
    """The quote keeps the first wish: what the pipeline and its own page show to sales."""
    if quote.renewal_asked_at is None:
        quote.renewal_asked_at, quote.renewal_asked_by = at, by[:LONGEST_NAME]
        quote.save(update_fields=["renewal_asked_at", "renewal_asked_by"])


def _text(quote: Quote) -> str:
    until = valid_until_text(quote.valid_until, quote.engagement.organization) if quote.valid_until else ""
    return f"{quote} expired on {until}. Please send a new one; the data points still hold."


def _asked(quote: Quote) -> Question | None:
    """The question that asks for it: by its words, which name the quote and its last day."""
    asked = Question.objects.filter(engagement=quote.engagement, about=str(quote), text=_text(quote))
    return asked.order_by("pk").first()
