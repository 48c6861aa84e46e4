"""The key to the recipients of a journal that names them as hashes: set, used by runs, never shown again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.utils import timezone

from accounts.permissions import EITHER_SIDE, require_any
from core import sealing
from core.audit import record
from core.errors import Conflict, DomainError
from delivery.models import JournalKey
from delivery.proxy.settings import SHORTEST_SECRET
from engagements.domain.lock_engagement import lock_engagement, lock_living

if TYPE_CHECKING:
    from accounts.models import User
    from engagements.models import Engagement

_PURPOSE = "keys of journals"


@transaction.atomic
def set_journal_key(engagement: Engagement, *, key: str, actor: User) -> JournalKey:
    engagement = lock_living(engagement.pk)
    require_any(actor, EITHER_SIDE, engagement.organization)
    plain = key.strip().encode()
    if not plain:
        raise DomainError("Paste what stands in the file that the proxy's recipients_key names.")
    if len(plain) < SHORTEST_SECRET:
        raise DomainError(
            f"No proxy takes a key of fewer than {SHORTEST_SECRET} bytes. Paste all of what stands in the file that "
            "its recipients_key names. Nothing was kept."
        )
    facts = {"sealed_key": sealing.seal(plain, purpose=_PURPOSE), "set_by": actor, "set_at": timezone.now()}
    kept, _ = JournalKey.objects.update_or_create(engagement=engagement, defaults=facts)
    record("journal_key.set", subject=kept, actor=actor)
    return kept


@transaction.atomic
def remove_journal_key(engagement: Engagement, *, actor: User) -> JournalKey:
    """Also after the end. Raises Conflict where there is none."""
    engagement = lock_engagement(engagement.pk)
    require_any(actor, EITHER_SIDE, engagement.organization)
    kept = journal_key_of(engagement)
    if kept is None or kept.sealed_key is None:
        raise Conflict("There is no key to remove.")
    kept.sealed_key = kept.set_by = kept.set_at = None
    kept.save(update_fields=["sealed_key", "set_by", "set_at"])
    record("journal_key.removed", subject=kept, actor=actor)
    return kept


def journal_key_of(engagement: Engagement) -> JournalKey | None:
    return JournalKey.objects.filter(engagement=engagement).first()


def secret_of(engagement: Engagement) -> bytes:
    """Empty where there is no key. Raises DomainError for one that was kept under another SECRET_KEY."""
    kept = journal_key_of(engagement)
    try:
        return sealing.unseal(bytes(kept.sealed_key), purpose=_PURPOSE) if kept and kept.sealed_key else b""
    except InvalidToken as error:
        raise DomainError(
            "The key of the journal cannot be read any more: the portal's SECRET_KEY is another one now. Set the key "
            "of the journal once more. Nothing was stored."
        ) from error


def note_need(engagement: Engagement, *, is_needed: bool) -> None:
    """Inside the transaction of a run that could not do without the key, or of what shows that nothing needs it now."""
    if is_needed:
        JournalKey.objects.update_or_create(engagement=engagement, defaults={"needed_at": timezone.now()})
    else:
        JournalKey.objects.filter(engagement=engagement).update(needed_at=None)
