"""An address at which mail fails, and the proof that mail arrives there again. Both stand in the ledger."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from core.audit import record
from core.errors import Conflict
from core.mail_failures import code_in, in_one_line, limits
from core.mail_kinds import proving
from core.models import FailingAddress, OutboxMessage

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.db.models import Model


class Change(StrEnum):
    FAILING = "failing"
    PAUSED = "paused"
    REACHED = "reached"


class Listener(Protocol):
    """Is told in the transaction of the change."""

    def __call__(self, row: FailingAddress, change: Change) -> None: ...


_listeners: list[Listener] = []


def when_reach_changes(listener: Listener) -> None:
    if listener in _listeners:
        raise ValueError(f"{listener} is registered twice")
    _listeners.append(listener)


@transaction.atomic
def note_failure(address: str, *, said: str, is_dead: bool, came_back: bool) -> FailingAddress:
    """A mail failed for good. `is_dead`: by what was said the address is not there, so nothing more is sent to it."""
    now, words = timezone.now(), in_one_line(said)
    row = _locked(address, {"said": words, "came_back": came_back, "first_at": now, "last_at": now})
    row.failures, row.said, row.last_at = row.failures + 1, words, now
    row.came_back = row.came_back or came_back
    is_pausing = row.paused_at is None and (is_dead or row.failures >= limits().pause_after)
    row.paused_at = now if is_pausing else row.paused_at
    row.save()
    if row.failures == 1:
        _tell(row, Change.FAILING, how="came back" if came_back else "was refused", code=code_in(words))
    if is_pausing:
        _tell(row, Change.PAUSED, failures=row.failures)
    return row


def _locked(address: str, found: dict[str, Any]) -> FailingAddress:
    """Made or found by one statement, so that a proof which deletes the row meanwhile leaves no gap."""
    made = FailingAddress(address=address.lower(), **{"person": _person_at(address), **found})
    FailingAddress.objects.bulk_create(
        [made], update_conflicts=True, unique_fields=["address"], update_fields=["address"]
    )
    return FailingAddress.objects.select_for_update().get(address=address.lower())


@transaction.atomic
def note_reached(address: str, *, moved_to: str = "") -> bool:
    """Mail arrives there, or the person has another address now: what was kept back is sent. False: it never failed."""
    row = FailingAddress.objects.select_for_update().of(address).first()
    if row is None:
        return False
    _tell(row, Change.REACHED, released=_release(row.address, moved_to or row.address))
    row.delete()
    return True


@transaction.atomic
def resume(address: str, *, actor: AbstractBaseUser) -> None:
    """Send there again although nothing proves the address: the mark stays, and the next answer of that kind pauses it.

    Raises Conflict where nothing is held back.
    """
    row = FailingAddress.objects.select_for_update().of(address).paused().first()
    if row is None:
        raise Conflict(f"Mail to {address} is not held back. Nothing was changed.")
    row.paused_at = None
    row.save(update_fields=["paused_at"])
    released = _release(row.address, row.address)
    record("address.resumed", subject=row.person or row, actor=actor, address=row.address, released=released)


def _person_at(address: str) -> AbstractBaseUser | None:
    people = get_user_model()
    return people._base_manager.filter(**{f"{people.get_email_field_name()}__iexact": address}).first()


def _release(address: str, to: str) -> int:
    """Only what was parked because of the address. Not what proves one: such a link or code is asked for anew."""
    since = timezone.now() - timedelta(days=limits().release_days)
    kept = OutboxMessage.objects.parked().filter(address__iexact=address, created_at__gte=since)
    kept = kept.filter(parked_for=OutboxMessage.ParkedFor.ADDRESS).exclude(kind__in=proving())
    return kept.update(parked_at=None, parked_for="", attempts=0, available_at=Now(), address=to)


def _tell(row: FailingAddress, change: Change, **facts: str | int) -> None:
    """No words of a server in the ledger: they may name another address, to which a person has mail sent on."""
    subject: Model = row.person or row
    record(f"address.{change}", subject=subject, actor=None, address=row.address, **facts)
    for listener in _listeners:
        listener(row, change)
