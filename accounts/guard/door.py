"""Raises the guard for a person and lowers it.

It belongs to the reader, not to a connection: each connection that is opened while somebody reads is held to what they
see, and none is used for anybody else before it was let go.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from django.conf import settings
from django.db import DatabaseError, connection
from psycopg.pq import TransactionStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper

RAISE, LOWER = (Path(__file__).with_name(name).read_text(encoding="utf-8") for name in ("raise.sql", "lower.sql"))

_reader: ContextVar[int | None] = ContextVar("reader the guard is raised for", default=None)
_held: WeakSet[Any] = WeakSet()  # connections that are held to somebody


def guarded_reader() -> int | None:
    return _reader.get()


def raise_guard(person: int) -> None:
    """From here on this thread reads and writes only what the person sees, until the guard is lowered."""
    if not settings.GUARD_ROLE:
        return
    lower_guard()
    _reader.set(person)
    if connection.connection is not None:
        _hold(connection, person)


def lower_guard() -> None:
    _reader.set(None)
    if connection.connection in _held:
        _let_go(connection)


@contextmanager
def without_guard() -> Iterator[None]:
    """For what is counted over all customers, whoever asks, and shown without a name."""
    person = _reader.get()
    if person is None:
        yield
        return
    lower_guard()
    try:
        yield
    finally:
        raise_guard(person)


def hold_new_connection(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Receives `connection_created`, also for one that comes back from the pool."""
    if connection.connection in _held:
        _let_go(connection)
    person = _reader.get()
    if person is not None:
        _hold(connection, person)


def _hold(connection: BaseDatabaseWrapper, person: int) -> None:
    _held.add(connection.connection)
    if not _has_failed(connection):
        with connection.cursor() as cursor:
            cursor.execute(RAISE, {"person": person, "role": settings.GUARD_ROLE})


def _let_go(connection: BaseDatabaseWrapper) -> None:
    """One that cannot be let go is given back: it is asked again before anybody else uses it."""
    if _has_failed(connection):
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute(LOWER)
    except DatabaseError:
        connection.close()
    else:
        _held.discard(connection.connection)


def _has_failed(connection: BaseDatabaseWrapper) -> bool:
    """A transaction that failed takes no statement, and whoever rolls it back puts the guard back as it was."""
    return bool(connection.connection.info.transaction_status == TransactionStatus.INERROR)
