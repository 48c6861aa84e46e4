from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from core.audit import record
from core.rounds import each
from engagements.domain.lock_engagement import lock_engagement
from engagements.models import Question
from pricing.domain.accept_quote import why_closed
from pricing.domain.announce import announce_reminder
from pricing.domain.locks import lock_quote
from pricing.in_force import book_at
from pricing.models import Quote, QuoteContact, QuoteReminder
from pricing.tracking import BOUNCED, with_delivery


def remind_contacts() -> int:
    """Remind whoever has not answered an open quote, some days before its last day; returns how many mails.

    Once each, so it is safe to run twice, or twice at once. Nobody is reminded of a quote that was answered, taken back
    or replaced, while a question about it is open, or where the mail came back.
    """
    return each(lambda row: _remind_of(*row), Quote.objects.open().values_list("pk", "engagement_id"))


@transaction.atomic
def _remind_of(pk: int, engagement_id: int) -> int:
    engagement = lock_engagement(engagement_id)
    quote = Quote.objects.open().filter(pk=pk).first()
    if quote is None:
        return 0
    quote = lock_quote(quote, engagement)
    if why_closed(quote) or _is_asked_about(quote):
        return 0
    days = due_days(quote, timezone.now())
    return sum(_remind(contact, days) for contact in _unreminded(quote, days)) if days else 0


def _is_asked_about(quote: Quote) -> bool:
    """Somebody waits for the practice, not the other way round."""
    return Question.objects.filter(engagement=quote.engagement, about=str(quote), resolved_at=None).exists()


def due_days(quote: Quote, now: datetime) -> int:
    """Which reminder is due: so many days before the last day. 0 when none is; a missed one is not made up for."""
    if quote.valid_until is None:
        return 0
    thresholds = book_at(now).thresholds
    points = sorted((thresholds["remind_days"], thresholds["remind_days_last"]))
    left = quote.valid_until - now
    return next((days for days in points if timedelta(0) <= left <= timedelta(days=days)), 0)


def _unreminded(quote: Quote, days: int) -> QuerySet[QuoteContact]:
    """Who had the quote before the day of this reminder came, and did not get it yet."""
    until = quote.valid_until or timezone.now()
    reminders = QuoteReminder.objects.filter(contact=OuterRef("pk"), valid_until=until)
    since = until - timedelta(days=days)
    contacts = with_delivery(quote.contacts.filter(added_at__lt=since)).exclude(BOUNCED)
    return contacts.exclude(Exists(reminders.filter(days_before__lte=days)))


def _remind(contact: QuoteContact, days: int) -> bool:
    quote, now = contact.quote, timezone.now()
    if quote.valid_until is None:
        return False
    QuoteReminder.objects.create(contact=contact, days_before=days, valid_until=quote.valid_until, sent_at=now)
    announce_reminder(contact)
    record(
        "quote.reminded",
        subject=quote,
        actor=None,
        reference=quote.reference,
        contact=str(contact),
        days=days,
    )
    return True
