from hmac import compare_digest

from django.db import transaction
from django.utils import timezone

from accounts.domain.prove_address import prove_address
from accounts.domain.take_seat import take_seat
from core.audit import record
from core.errors import DomainError, TooMany
from core.origin import add_proof
from core.wording import masked_address
from pricing.domain.send_code import MINUTES
from pricing.links import code_digest, digits_of
from pricing.models import ContactCode, QuoteContact

WRONG_AT_MOST = 5


def prove_contact(contact: QuoteContact, *, typed: str) -> QuoteContact:
    """Show with a mailed code that the contact's address is one's own; a kept seat is taken with it.

    Raises DomainError when the code is wrong or old: the attempt is counted all the same, so it stands outside of the
    transaction. Returns the contact with its person.
    """
    if error := _try(contact, digits_of(typed)):
        raise error
    return QuoteContact.objects.select_related("person").get(pk=contact.pk)


@transaction.atomic
def _try(contact: QuoteContact, code: str) -> DomainError | None:
    QuoteContact.objects.select_for_update().get(pk=contact.pk)
    live = contact.codes.live().first()
    if live is None:
        return DomainError(
            f"There is no code that still holds: it was used, or it is older than {MINUTES} minutes. Send a new one."
        )
    if live.wrong_attempts >= WRONG_AT_MOST:
        return TooMany("This code was tried too often and does not hold any more. Send a new one.")
    if not compare_digest(live.digest, code_digest(contact.pk, code)):
        return _count_wrong(live)
    live.used_at = timezone.now()
    live.save(update_fields=["used_at"])
    _take(contact)
    return None


def _count_wrong(live: ContactCode) -> DomainError:
    live.wrong_attempts += 1
    live.save(update_fields=["wrong_attempts"])
    left = WRONG_AT_MOST - live.wrong_attempts
    if not left:
        return TooMany("That is not the code, and it was the last attempt. Send a new one.")
    attempts = f"{left} attempts are" if left > 1 else "One attempt is"
    return DomainError(f"That is not the code of our latest mail. {attempts} left.")


def _take(contact: QuoteContact) -> None:
    """The person behind the address, with the seat that is kept for it."""
    quote, now = contact.quote, timezone.now()
    add_proof(f"one-time code to {masked_address(contact.email)}")
    person = take_seat(quote.engagement.organization, email=contact.email, full_name=contact.full_name)
    QuoteContact.objects.filter(pk=contact.pk).update(person=person, proved_at=now)
    prove_address(contact.email)
    record("quote.contact_proved", subject=quote, actor=person, reference=quote.reference)
