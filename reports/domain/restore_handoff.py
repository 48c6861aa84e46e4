"""A handoff pack of another portal becomes an engagement that is read here and never changed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import DataError, transaction
from django.utils import timezone

from accounts.models import Organization
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict, DomainError
from core.portal_key import portal_key
from engagements.models import Engagement
from reports.handoff.reading import NOTHING, SentPack, read_pack
from reports.handoff.restoring import keep_files, keep_rows, pack_restored
from reports.models import RestoredEngagement

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_CODE = 20
LONGEST_NAME = 120


def restore_handoff(content: bytes, *, key: str, code: str = "", actor: User) -> RestoredEngagement:
    """`key` is the fingerprint that the importer holds the pack's against; `code` what it is called here.

    Raises DomainError for a pack that does not hold, for another key, and Conflict for a code that is taken.
    """
    consultancy = Organization.objects.consultancy()
    require(actor, Permission.MANAGE_PRACTICE, consultancy)
    pack = read_pack(content)
    _refuse_key(pack, key)
    with transaction.atomic():
        return _restore(pack, code=code.strip() or pack.shape["code"], actor=actor)


def _refuse_key(pack: SentPack, key: str) -> None:
    """A pack carries the key it is checked with: only somebody who compares fingerprints tells a forger apart."""
    given = "".join(key.split()).lower()
    if given == pack.key:
        return
    begun = "Say which portal you expect it from" if not given else "The fingerprint that you entered is another one"
    whose = "this portal's own key" if pack.key == portal_key().fingerprint else "the key"
    raise DomainError(
        f"{begun}. This pack is sealed with {whose} {pack.key}. "
        "Compare it with the one printed on a receipt of that portal, or shown on its page for verifying documents. "
        f"Then enter it, and choose the file once more. {NOTHING}",
    )


def _restore(pack: SentPack, *, code: str, actor: User) -> RestoredEngagement:
    _refuse_taken(pack, code)
    restored = _head_of(pack, code, actor)
    try:
        restored.save(force_insert=True)
        keep_rows(restored, pack)
        keep_files(restored, pack)
    except DataError as error:
        raise DomainError(f"engagement.json holds something that no database keeps: {error}. {NOTHING}") from error
    pack_restored(restored)  # raises where what is kept would not come out as it came in
    facts = {"code": restored.code, "customer": restored.customer, "key": restored.key, "digest": restored.digest}
    record("handoff.restored", subject=restored, actor=actor, **facts)
    return restored


def _head_of(pack: SentPack, code: str, actor: User) -> RestoredEngagement:
    return RestoredEngagement(
        code=code,
        origin_code=pack.shape["code"],
        customer=pack.manifest["customer"][:LONGEST_NAME],
        manifest=pack.members["manifest.json"],
        seal=pack.members["seal.json"],
        key=pack.key,
        head=pack.head,
        shape=pack.shape,
        digest=_digest_of(pack),
        made_at=pack.made_at,
        restored_at=timezone.now(),
        restored_by=actor,
    )


def _digest_of(pack: SentPack) -> str:
    return hashlib.sha256(pack.members["manifest.json"]).hexdigest()


def _refuse_taken(pack: SentPack, code: str) -> None:
    if not code.isprintable() or "/" in code or len(code) > LONGEST_CODE:
        raise DomainError(f"A code has at most {LONGEST_CODE} letters and no slash. {NOTHING}")
    if there := RestoredEngagement.objects.filter(digest=_digest_of(pack)).first():
        raise Conflict(f"This very pack was restored already, as {there.code}. {NOTHING}")
    taken = Engagement.objects.filter(code=code).select_related("organization").first()
    if taken:
        raise Conflict(
            f"{code} is an engagement of this portal, with {taken.organization}. "
            f"Enter another code that the restored one is called here. {NOTHING}"
        )
    if there := RestoredEngagement.objects.filter(code=code).first():
        raise Conflict(
            f"{code} was restored already from another pack ({there.customer}). "
            f"Enter another code that this one is called here. {NOTHING}"
        )
