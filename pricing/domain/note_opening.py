from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.domain.prove_address import prove_by_link
from core.audit import record
from core.models import OutboxMessage
from pricing.models import QuoteContact
from pricing.tracking import LINK_MAILS


@transaction.atomic
def note_opening(contact: QuoteContact) -> None:
    """That the page of a quote was opened by the link of a contact. Nobody is named: who holds a link is not proved.

    That the mail with the link arrived is, unless it or a later one came back.

    Of two who open it first at the same moment the row lets one be the first.
    """
    prove_by_link(OutboxMessage.objects.about(contact).filter(kind__in=LINK_MAILS))
    now, rows = timezone.now(), QuoteContact.objects.filter(pk=contact.pk)
    if not rows.filter(first_opened_at=None).update(first_opened_at=now, last_opened_at=now, open_count=1):
        rows.update(last_opened_at=now, open_count=F("open_count") + 1)
        return
    quote = contact.quote
    record("quote.opened", subject=quote, actor=None, reference=quote.reference, contact=str(contact))
