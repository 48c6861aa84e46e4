"""The key to the recipients of a journal that names them as hashes: set, used by runs, never shown again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, require_any
from core import sealing
from core.audit import record
from core.errors import Conflict, DomainError
from delivery.models import JournalKey
from engagements.domain.lock_engagement import lock_engagement, lock_living

if TYPE_CHECKING:
    from accounts.models import User
    from engagements.models import Engagement

KEEPERS = (Permission.WORK_TASK, Permission.ANSWER_TASK)
_PURPOSE = "keys of journals"


@transaction.atomic
def set_journal_key(engagement: Engagement, *, key: str, actor: User) -> JournalKey:
    engagement = lock_living(engagement.pk)
    require_any(actor, KEEPERS, engagement.organization)
    plain = key.strip().encode()
    if not plain:
        raise DomainError("Paste what stands in the file that the proxy's recipients_key names.")
    facts = {"sealed_key": sealing.seal(plain, purpose=_PURPOSE), "set_by": actor, "set_at": timezone.now()}
    kept, _ = JournalKey.objects.update_or_create(engagement=engagement, defaults=facts)
    record("journal_key.set", subject=kept, actor=actor)
    return kept


@transaction.atomic
def remove_journal_key(engagement: Engagement, *, actor: User) -> JournalKey:
    """Also after the end. Raises Conflict where there is none."""
    engagement = lock_engagement(engagement.pk)
    require_any(actor, KEEPERS, engagement.organization)
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
    """Empty where there is no key."""
    kept = journal_key_of(engagement)
    return sealing.unseal(bytes(kept.sealed_key), purpose=_PURPOSE) if kept and kept.sealed_key else b""


def note_need(engagement: Engagement, *, is_needed: bool) -> None:
    """Inside the transaction of a run that could not do without the key, or of one that did."""
    if is_needed:
        JournalKey.objects.update_or_create(engagement=engagement, defaults={"needed_at": timezone.now()})
    else:
        JournalKey.objects.filter(engagement=engagement, sealed_key=None).update(needed_at=None)
