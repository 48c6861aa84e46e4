"""Turns by name: whoever has one keeps it until their transaction ends."""

from __future__ import annotations

from typing import Any

from django.db import connection


def wait_for_turn(name: str) -> None:
    """Nobody else has it, alone or beside others."""
    _lock("pg_advisory_xact_lock", name)


def wait_for_shared_turn(name: str) -> None:
    """Others may have it beside this one, nobody alone."""
    _lock("pg_advisory_xact_lock_shared", name)


def takes_turn(name: str) -> bool:
    """Without waiting: False where somebody else has it."""
    return bool(_lock("pg_try_advisory_xact_lock", name))


def _lock(function: str, name: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [name])
        return cursor.fetchone()[0]
