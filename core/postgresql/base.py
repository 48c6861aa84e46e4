"""Django's engine for PostgreSQL; what lies in its pool is looked at in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool

if TYPE_CHECKING:
    from psycopg import Connection


class DatabaseWrapper(base.DatabaseWrapper):
    """A server that was started again costs who asks first one try more, however many connections died in the pool.

    With `CONN_HEALTH_CHECKS` the pool looks at one after the other instead, with pauses of 1, 2, 4, ... s between dead
    ones: nobody waits that long.
    """

    pool: ConnectionPool[Connection[Any]] | None  # Django's; its stubs do not know it

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection[Any]:
        """Raises psycopg's OperationalError where none can be had in time."""
        given: Connection[Any] = super().get_new_connection(conn_params)
        if not self.pool or _is_alive(given):
            return given
        self.pool.putconn(given)  # which throws it away
        self.pool.check()
        another: Connection[Any] = super().get_new_connection(conn_params)
        return another


def _is_alive(given: Connection[Any]) -> bool:
    try:
        ConnectionPool.check_connection(given)
    except psycopg.Error:
        return False
    return True
