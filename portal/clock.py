"""The clock of the periodic tasks. Any number may run, on any host: the one that holds the turn ticks, the others wait.

The turn is a lock of a session in PostgreSQL. It ends with the process, its host or the way between them, and the next
clock that asks has it, with the times at which each task was sent last.
"""

from __future__ import annotations

from typing import Any

import psycopg
import structlog
from django.conf import settings
from django_celery_beat.schedulers import DatabaseScheduler

from portal.broker import conninfo_of

log = structlog.get_logger(__name__)

WAIT_SECONDS = 5.0
TAKE = "SELECT pg_try_advisory_lock(hashtextextended('the clock of the portal', 0))"
# So that a host without power or network is missed in half a minute, at both ends.
MISSED = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
PATIENCE: dict[str, Any] = {"connect_timeout": 5, "tcp_user_timeout": 10_000, "options": MISSED}


class Turn:
    """Held for as long as its connection lives, and no longer."""

    def __init__(self) -> None:
        self._connection: psycopg.Connection[Any] | None = None
        self._is_held = False

    def is_mine(self) -> bool:
        """Asks the database each time: what was held a moment ago may be lost."""
        try:
            if self._connection is None:
                address = conninfo_of(settings.DATABASES["default"])
                self._connection = psycopg.connect(psycopg.conninfo.make_conninfo(address, **PATIENCE), autocommit=True)
            row = self._connection.execute("SELECT true" if self._is_held else TAKE).fetchone()
        except psycopg.Error:
            self.let_go()
            return False
        self._is_held = bool(row and row[0])
        return self._is_held

    def let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection, self._is_held = None, False


class Clock(DatabaseScheduler):  # type: ignore[misc]  # django-celery-beat ships no types
    _heap: list[Any]
    _schedule: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.turn = Turn()
        self._had_turn: bool | None = None
        # When each was sent is written down at once: what only a killed clock knew would be sent again by the next.
        super().__init__(*args, sync_every_tasks=1, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Seconds until the next one. Sends what is due only where it is this clock's turn."""
        had_turn, self._had_turn = self._had_turn, self.turn.is_mine()
        if had_turn != self._had_turn:
            log.info("clock_ticks" if self._had_turn else "clock_waits")
        if not self._had_turn:
            return WAIT_SECONDS
        if not had_turn:
            self.read_again()
        return float(super().tick(*args, **kwargs))

    def reserve(self, entry: Any) -> Any:
        """A plan made anew without being read anew must know of this sending, too: it happens while a clock starts."""
        self._schedule[entry.name] = following = super().reserve(entry)
        return following

    def read_again(self) -> None:
        """Another clock ticked until now: what this one knows of the last times is old."""
        self._dirty.clear()
        self._initial_read = True
        self._heap, self._heap_invalidated = [], True
