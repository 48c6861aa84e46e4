"""Notes the public key of a new selector, so that what is published can be compared with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.errors import DomainError
from delivery.domain.state_check import require_party
from delivery.models import SelectorKey
from delivery.preflight.answers import name_of
from delivery.preflight.book import load_book
from delivery.preflight.records import key_of, rsa_bits
from engagements.domain.lock_engagement import lock_living

if TYPE_CHECKING:
    from accounts.models import User
    from engagements.models import Engagement

MOST_LETTERS = 4000
SHORTEST = 1024


@transaction.atomic
def note_key(engagement: Engagement, *, record_name: str, text: str, actor: User) -> SelectorKey:
    """`text` is the PEM, the base64 or the record. Raises DomainError for a private key and for what is no key."""
    engagement = lock_living(engagement.pk)
    require_party(load_book().item("dkim"), engagement, actor)
    name = name_of(record_name)
    if "._domainkey." not in name or len(name) > 250:  # noqa: PLR2004 (a name in DNS, RFC 1035)
        raise DomainError("Choose the selector from the list.")
    if "PRIVATE" in text.upper():
        raise DomainError(
            "This is a private key. It stays on the new host; nothing of it was kept. Send the public one: "
            "openssl rsa -in FILE -pubout prints it."
        )
    key = key_of(text[:MOST_LETTERS])
    bits = rsa_bits(key)
    if bits is None or bits < SHORTEST:
        raise DomainError("This is no public RSA key of 1024 bits or more. Nothing was kept.")
    noted = SelectorKey.objects.create(
        engagement=engagement, record_name=name, public_key=key, noted_at=timezone.now(), noted_by=actor
    )
    record("preflight.key_noted", subject=noted, actor=actor, bits=bits)
    return noted
