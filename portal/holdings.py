"""What a database holds, counted: for a backup to say, and for a restored portal to be compared with."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from psycopg import sql

if TYPE_CHECKING:
    import psycopg

PASSING = ("cache", "django_session")  # whoever was signed in signs in again
TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    ORDER BY 1
"""
HEADS = "SELECT chain, sequence, digest FROM core_chainhead ORDER BY chain"
MIGRATIONS = "SELECT app || '.' || name FROM django_migrations ORDER BY 1"


class Holdings(NamedTuple):
    tables: dict[str, int]
    ledger: str
    migrations: tuple[str, ...]


def holdings(connection: psycopg.Connection[tuple[object, ...]]) -> Holdings:
    names = [str(name) for (name,) in connection.execute(TABLES) if name not in PASSING]
    tables = {}
    for name in names:
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
        tables[name] = int(str(row[0])) if row else 0
    digest = hashlib.sha256()
    for head in connection.execute(HEADS):
        digest.update(f"{head}\n".encode())
    migrations = tuple(str(name) for (name,) in connection.execute(MIGRATIONS))
    return Holdings(tables, digest.hexdigest(), migrations)
