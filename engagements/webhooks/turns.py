"""Who tells and who sets an endpoint wait for each other, so that nothing falls between a round and a new endpoint."""

from __future__ import annotations

from django.db import connection

NAME = "telling endpoints"


def wait_to_tell() -> None:
    """Until the transaction ends no endpoint is set or switched on. Others may tell meanwhile."""
    _lock("pg_advisory_xact_lock_shared")


def wait_to_set() -> None:
    """Until the transaction ends nobody tells: what is committed afterwards is told to the new endpoint, too."""
    _lock("pg_advisory_xact_lock")


def _lock(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [NAME])
