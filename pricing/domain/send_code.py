import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.errors import Refused, TooMany
from core.origin import Origin, current_origin
from core.wording import masked_address, told
from engagements.domain.lock_engagement import lock_engagement
from pricing.domain.accept_quote import refuse_closed, refuse_unless_open
from pricing.domain.announce import announce_code
from pricing.domain.locks import lock_quote
from pricing.domain.offer_seat import may_answer
from pricing.links import code_digest
from pricing.models import ContactCode, QuoteContact

MINUTES = 10
DIGITS = 8
SPAN = timedelta(hours=1)
CODES_A_CONTACT = 5  # within the span
CODES_AN_ADDRESS = 20


@transaction.atomic
def send_code(contact: QuoteContact) -> ContactCode:
    """Mail a one-time code to the contact's own address. It replaces the one before.

    Raises Refused when the address may not answer anyway, Conflict or DomainError when the quote is not open, TooMany
    when too many were asked for.
    """
    engagement = lock_engagement(contact.quote.engagement_id)
    contact.quote = lock_quote(contact.quote, engagement)
    refuse_unless_open(contact.quote)
    refuse_closed(contact.quote)
    if not (answer := may_answer(contact.email, engagement.organization)):
        raise Refused(answer.reason)
    origin = current_origin() or Origin()
    QuoteContact.objects.select_for_update().get(pk=contact.pk)  # as an attempt does: no code ends while it is tried
    _refuse_too_many(contact, origin.ip_address)
    code, now = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}", timezone.now()
    contact.codes.filter(used_at=None, replaced_at=None).update(replaced_at=now)
    made = ContactCode.objects.create(
        contact=contact,
        digest=code_digest(contact.pk, code),
        made_at=now,
        expires_at=now + timedelta(minutes=MINUTES),
        ip_address=origin.ip_address,
    )
    announce_code(contact, f"{code[:4]} {code[4:]}", minutes=MINUTES)
    to = masked_address(contact.email)
    record("quote.code_sent", subject=contact.quote, actor=None, reference=contact.quote.reference, to=to)
    return made


def _refuse_too_many(contact: QuoteContact, ip_address: str | None) -> None:
    recent = ContactCode.objects.filter(made_at__gt=timezone.now() - SPAN).order_by("made_at")
    of_contact = list(recent.filter(contact=contact).values_list("made_at", flat=True))
    if len(of_contact) >= CODES_A_CONTACT:
        raise TooMany(
            f"{len(of_contact)} codes were mailed to {masked_address(contact.email)} within the hour."
            f" Use the newest, or ask again after {told(of_contact[-CODES_A_CONTACT] + SPAN)}."
        )
    from_address = recent.filter(ip_address=ip_address) if ip_address else recent.none()
    if from_address.count() >= CODES_AN_ADDRESS:
        raise TooMany(
            "Too many codes were asked for from your network within the hour. Nothing was sent; wait an hour."
        )
