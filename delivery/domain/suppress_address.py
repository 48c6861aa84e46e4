"""Keeps the list of addresses that are not written to: each act is a row of its own, the latest counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, allowed, require
from core.audit import record
from core.errors import Conflict, DomainError
from delivery.domain.take_feedback import AT_ONCE
from delivery.feedback.limits import Unreadable
from delivery.feedback.lists import LONGEST_REASON, Listed, address_of, read_list
from delivery.feedback.records import Strange
from delivery.models import Suppression
from discovery.domain.mask_words import mask_words
from discovery.domain.receive_upload import take_bytes
from discovery.storable import storable
from engagements.domain.lock_engagement import lock_living

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import IO

    from accounts.models import User
    from engagements.models import Engagement


def require_keeper(engagement: Engagement, actor: User) -> None:
    """Raises Refused unless this person works on either side's tasks."""
    if not allowed(actor, Permission.ANSWER_TASK, engagement.organization):
        require(actor, Permission.WORK_TASK, engagement.organization)


@transaction.atomic
def suppress_address(engagement: Engagement, *, address: str, reason: str, actor: User, scope: str = "") -> Suppression:
    """Raises DomainError for what is no address, Conflict for one that is on the list."""
    engagement = _locked(engagement, actor)
    wanted = address_of(address)
    if not wanted:
        raise DomainError("This is no address: write it as anna@example.org. Nothing was changed.")
    if _standing(engagement, wanted, scope):
        raise Conflict("This address is on the list already. Nothing was changed.")
    return _write(engagement, wanted, scope, reason, actor)


@transaction.atomic
def lift_suppression(engagement: Engagement, *, address: str, reason: str, actor: User, scope: str = "") -> Suppression:
    """The address may be written to again; a new permanent failure puts it back. Raises Conflict where none stands."""
    engagement = _locked(engagement, actor)
    if not _standing(engagement, address_of(address), scope):
        raise Conflict("This address is not on the list. Nothing was changed.")
    return _write(engagement, address_of(address), scope, reason, actor, is_lifted=True)


@transaction.atomic
def import_suppressions(engagement: Engagement, *, content_file: IO[bytes], reason: str, actor: User) -> dict[str, int]:
    """How many addresses were new, on the list already, and not understood. Raises DomainError where none was."""
    engagement = _locked(engagement, actor)
    words = _words(reason)
    try:
        told = list(read_list(take_bytes(content_file)))
    except Unreadable as refused:
        raise DomainError(f"{refused} Nothing was changed.") from refused
    listed = {(one.address, one.scope): one for one in told if isinstance(one, Listed)}
    if not listed:
        raise DomainError("There is no address in this file. Nothing was changed.")
    new = _rows_of(engagement, listed, words, actor)
    Suppression.objects.bulk_create(new, batch_size=AT_ONCE)
    strange = sum(isinstance(one, Strange) for one in told)
    counts = {"new": len(new), "known": len(listed) - len(new), "strange": strange}
    record("suppression.imported", subject=engagement, actor=actor, reason=words, **counts)
    return counts


def _rows_of(
    engagement: Engagement, listed: Mapping[tuple[str, str], Listed], words: str, actor: User
) -> list[Suppression]:
    """One for each address that is not on the list yet."""
    now = timezone.now()
    rows = Suppression.objects.filter(engagement=engagement, scope__in={scope for _, scope in listed})
    standing = set(rows.standing().values_list("address", "scope"))
    masked = {said: mask_words(str(storable(said))) for said in {one.reason for one in listed.values()} if said}
    return [
        Suppression(
            engagement=engagement,
            address=one.address,
            scope=str(storable(one.scope)),
            source="import",
            reason=masked.get(one.reason, "")[:LONGEST_REASON] or words,
            made_at=now,
            made_by=actor,
        )
        for key, one in listed.items()
        if key not in standing
    ]


def _locked(engagement: Engagement, actor: User) -> Engagement:
    engagement = lock_living(engagement.pk)
    require_keeper(engagement, actor)
    return engagement


def _standing(engagement: Engagement, address: str, scope: str) -> bool:
    rows = Suppression.objects.filter(engagement=engagement, address=address, scope=scope)
    return rows.standing().exists()


def _write(
    engagement: Engagement, address: str, scope: str, reason: str, actor: User, *, is_lifted: bool = False
) -> Suppression:
    row = Suppression.objects.create(
        engagement=engagement,
        address=address,
        scope=str(storable(scope.strip()))[:80],
        source="person",
        reason=_words(reason),
        is_lifted=is_lifted,
        made_at=timezone.now(),
        made_by=actor,
    )
    record("suppression.lifted" if is_lifted else "suppression.added", subject=row, actor=actor, reason=row.reason)
    return row


def _words(reason: str) -> str:
    words = mask_words(str(storable(reason.strip())))[:LONGEST_REASON]
    if not words:
        raise DomainError("Say why.")
    return words
