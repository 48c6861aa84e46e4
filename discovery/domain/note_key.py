from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict, DomainError
from core.wording import told
from discovery.models import ExternalKey, Finding
from discovery.models.external_key import LONGEST_ADDRESS, LONGEST_KEY
from engagements.domain.lock_engagement import lock_living

if TYPE_CHECKING:
    from accounts.models import User
    from engagements.models import Engagement, GateTask

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/#-]*")


@transaction.atomic
def note_key(
    subject: Finding | GateTask, *, system: str, key: str, address: str = "", actor: User, version: int
) -> ExternalKey:
    """Keep the key of a ticket and where it stands. The same once more changes nothing.

    `system` is one of ExternalKey.System; `version` that of the key which stands there, 0 where none does. Raises
    Conflict for another one, and for a key that is another thing's; DomainError for a key or an address that cannot be.
    """
    engagement = lock_for_keys(engagement_of(subject).pk, actor=actor)
    key, address = key.strip(), address.strip()
    if problems := problems_of(key, address):
        raise DomainError(*problems)
    standing = ExternalKey.objects.select_related("changed_by").of(subject).filter(system=system).first()
    if standing and (standing.key, standing.address) == (key, address):
        return standing
    if standing and standing.key and standing.version != version:
        raise Conflict(_who_was_first(standing, subject))
    _refuse_taken(engagement, subject, system, key)
    before = standing.key if standing else ""
    kept = standing or ExternalKey(engagement=engagement, system=system, version=0, **owner(subject))
    _save(kept, key, address, actor)
    action = "key.changed" if before else "key.noted"
    record(action, subject=kept, actor=actor, system=kept.get_system_display(), key=key, of=str(subject), was=before)
    return kept


@transaction.atomic
def remove_key(subject: Finding | GateTask, *, system: str, actor: User, version: int) -> None:
    """Take the key off. Where none stands nothing is done; raises Conflict for another version."""
    lock_for_keys(engagement_of(subject).pk, actor=actor)
    standing = ExternalKey.objects.select_related("changed_by").standing().of(subject).filter(system=system).first()
    if standing is None:
        return
    if standing.version != version:
        raise Conflict(_who_was_first(standing, subject))
    before = standing.key
    _save(standing, "", "", actor)
    label = standing.get_system_display()
    record("key.removed", subject=standing, actor=actor, system=label, key=before, of=str(subject))


def engagement_of(subject: Finding | GateTask) -> Engagement:
    return subject.engagement if isinstance(subject, Finding) else subject.gate.engagement


def lock_for_keys(engagement_id: int, *, actor: User) -> Engagement:
    """The engagement under its lock, for somebody who may record keys. Raises Refused, or Conflict once it is over."""
    engagement = lock_living(engagement_id)
    require(actor, Permission.NOTE_KEYS, engagement.organization)
    return engagement


def problems_of(key: str, address: str) -> list[str]:
    """A sentence for each thing that is wrong."""
    problems = []
    if not KEY.fullmatch(key) or len(key) > LONGEST_KEY:
        problems.append(
            f"A key is what the tracker calls the ticket, for example MAIL-123: at most {LONGEST_KEY} letters, digits"
            " and . _ / # -, without spaces."
        )
    if address and not _is_address(address):
        problems.append(
            "The address of a ticket begins with https:// and a host, has no password in it and at most"
            f" {LONGEST_ADDRESS} characters."
        )
    return problems


def _is_address(text: str) -> bool:
    if len(text) > LONGEST_ADDRESS or not text.startswith("https://") or not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return bool(parts.hostname) and "@" not in parts.netloc


def _refuse_taken(engagement: Engagement, subject: Finding | GateTask, system: str, key: str) -> None:
    others = (
        ExternalKey.objects.filter(engagement=engagement, system=system).named(key).select_related("finding", "task")
    )
    other = others.first()
    if other and other.subject != subject:
        raise Conflict(
            f"{other.key} belongs to “{other.subject}” already. One key names one thing; nothing was changed."
        )


def _who_was_first(standing: ExternalKey, subject: Finding | GateTask) -> str:
    return (
        f"{standing.changed_by} recorded {standing.key} for “{subject}” on {told(standing.changed_at)}. "
        "Nothing was changed."
    )


def owner(subject: Finding | GateTask) -> dict[str, Finding | GateTask]:
    return {"finding" if isinstance(subject, Finding) else "task": subject}


def _save(kept: ExternalKey, key: str, address: str, actor: User) -> None:
    kept.key, kept.address, kept.version = key, address, kept.version + 1
    kept.changed_by, kept.changed_at = actor, timezone.now()
    kept.save()
