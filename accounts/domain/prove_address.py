"""Somebody to whom mail came back asks whether it arrives now, and says so by the link in the mail."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from core.domain.note_failure import note_reached
from core.errors import Conflict, DomainError
from core.models import OutboxMessage
from core.outbox import post, render_mail
from core.throttles import refuse_haste

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User as Person

_PURPOSE = "prove that mail reaches an address"
_VALID = timedelta(days=3)
_VOID = "This link is not complete, or older than three days. Nothing was changed. Have a new one sent."


@transaction.atomic
def prove_address(address: str, *, moved_to: str = "") -> None:
    """Mail arrives there, or its person is at `moved_to` now. Nothing happens where no mail ever came back."""
    note_reached(address, moved_to=moved_to)  # it locks the address before its person, as a failure does
    people = User.objects.filter(Q(email__iexact=address) | Q(email__iexact=moved_to))
    people.filter(unreached_since__isnull=False).update(unreached_since=None)


def prove_by_link(mails: QuerySet[OutboxMessage]) -> None:
    """A link was followed that stands in these mails and nowhere else: the newest of them counts."""
    if newest := mails.filter(sent_at__isnull=False).order_by("-sent_at").first():
        prove_by_mail(newest)


def prove_by_mail(mail: OutboxMessage) -> None:
    """That mail was read. It proves nothing of today where it came back, or one that was sent after it failed."""
    if mail.sent_at and not OutboxMessage.objects.failed_since(mail.address, mail.sent_at).exists():
        prove_address(mail.address)


@transaction.atomic
def ask_for_proof(person: Person) -> None:
    """Mail them a link. Raises Conflict when no mail came back, TooMany when that is asked for again and again."""
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.unreached_since is None:
        raise Conflict("Mail reaches you: none has come back. Nothing was sent.")
    refuse_haste("address_test", person.email.lower())
    url = f"{settings.PORTAL_URL}{reverse('mail:arrives', args=[proof_token(person)])}"
    why = "You asked for it on this portal, because mail to this address came back."
    subject, text, html = render_mail("address_test", {"person": person, "url": url, "why": why})
    post("address_test", to=person, subject=subject, text=text, html=html, reference=person, is_secret=True)


def proof_token(person: Person) -> str:
    return signing.dumps([person.pk, person.email.lower()], salt=_PURPOSE)


def address_of(token: str) -> str:
    """The address that a link proves. Raises DomainError for a link that is not ours, or that was left too long."""
    try:
        person_id, address = signing.loads(token, salt=_PURPOSE, max_age=_VALID)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise DomainError(_VOID) from error
    if not User.objects.filter(pk=person_id, email__iexact=address, is_active=True).exists():
        raise Conflict("Whoever asked for this link has another address now. Nothing was changed.")
    return str(address)
