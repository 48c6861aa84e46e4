from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.audit import record
from pricing.models import QuoteContact


@transaction.atomic
def note_opening(contact: QuoteContact) -> None:
    """That the page of a quote was opened by the link of a contact. Nobody is named: who holds a link is not proved."""
    now, is_first = timezone.now(), contact.first_opened_at is None
    QuoteContact.objects.filter(pk=contact.pk).update(
        first_opened_at=Coalesce(F("first_opened_at"), now), last_opened_at=now, open_count=F("open_count") + 1
    )
    if is_first:
        record(
            "quote.opened", subject=contact.quote, actor=None, reference=contact.quote.reference, contact=str(contact)
        )
