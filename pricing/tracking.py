"""What became of the mail with a quote, by contact: waiting, sent, opened, bounced.

A bounce is what the mail server refused for good when we handed the mail over, what came back later and was taken
(`delivery.domain.take_returned`), or what a person read in their own mailbox and noted.
"""

from __future__ import annotations

from django.db.models import CharField, Count, Exists, IntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce, Lower

from core.components import Status, StatusKind
from core.models import FailingAddress, OutboxMessage
from pricing.models import Quote, QuoteContact

MAIL = "quote_sent"
LINK_MAILS = (MAIL, "quote_reminder")

BOUNCED = Q(bounced_at__isnull=False) | Q(refused_at__isnull=False) | Q(came_back_at__isnull=False)


def with_delivery(contacts: QuerySet[QuoteContact]) -> QuerySet[QuoteContact]:
    """Adds what became of the mail; one query for all contacts.

    `mailed_at`, `refused_at` and `refusal` of the newest mail with the quote, `came_back_at` of the newest with the
    link, and `is_paused`: nothing is sent to the address.
    """
    links = OutboxMessage.objects.filter(
        kind__in=LINK_MAILS,
        reference_type=QuoteContact._meta.label,
        reference_id=Cast(OuterRef("pk"), CharField()),
    ).order_by("-pk")
    mails = links.filter(kind=MAIL)
    paused = FailingAddress.objects.paused().filter(address=Lower(OuterRef("email")))
    return contacts.annotate(
        mailed_at=Subquery(mails.values("sent_at")[:1]),
        refused_at=Subquery(mails.values(since=Coalesce("parked_at", "came_back_at"))[:1]),
        refusal=Subquery(mails.values("error_sentence")[:1]),
        came_back_at=Subquery(links.values("came_back_at")[:1]),
        is_paused=Exists(paused),
    )


def with_tracking(quotes: QuerySet[Quote]) -> QuerySet[Quote]:
    """Adds `contact_count`, `opened_count`, `bounced_count` and `last_opened_at`, for lists; no query a row."""
    own = QuoteContact.objects.filter(quote=OuterRef("pk"))
    return quotes.annotate(
        contact_count=_counted(own),
        opened_count=_counted(own.filter(open_count__gt=0)),
        bounced_count=_counted(with_delivery(own).filter(BOUNCED)),
        last_opened_at=Subquery(own.order_by().values("quote").annotate(found=Max("last_opened_at")).values("found")),
    )


def _counted(contacts: QuerySet[QuoteContact]) -> Coalesce:
    counted = contacts.order_by().values("quote").annotate(found=Count("pk")).values("found")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def contacts_of(quote: Quote) -> list[QuoteContact]:
    """Everybody it lies before, with what became of the mail and a status in words."""
    found = list(with_delivery(quote.contacts.select_related("bounced_by", "added_by")))
    for contact in found:
        contact.status = status_of(contact)  # type: ignore[attr-defined]  # for the row of a page alone
    return found


def status_of(contact: QuoteContact) -> Status:
    """Of a contact that was read with `with_delivery()`."""
    if contact.bounced_at or contact.refused_at or contact.came_back_at:  # type: ignore[attr-defined]  # added by with_delivery()
        return Status(StatusKind.PROBLEM, "Bounced")
    if contact.open_count:
        return Status(StatusKind.COMPLETED, "Opened")
    if contact.mailed_at:  # type: ignore[attr-defined]  # the same
        return Status(StatusKind.IN_PROGRESS, "Sent, not opened")
    return Status(StatusKind.NOT_STARTED, "Waiting to be sent")
