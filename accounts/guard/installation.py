"""Puts functions, policies and the role into the database. Asks first, and does nothing where all is there.

Without the right to make roles the policies are there and nobody is held to them: `accounts.guard.checks` says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, LiteralString

from django.conf import settings
from django.db import connections, transaction
from psycopg import sql

from accounts.guard.policies import PREFIX, policies, policy_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

INSTALLED = """
SELECT c.relname::text, array_agg(p.polname::text), c.relrowsecurity
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
WHERE c.relnamespace = current_schema()::regnamespace AND starts_with(p.polname, %s) GROUP BY c.oid
"""
# Whatever a trigger looks up it looks up in all rows, whoever's write made it run.
TRIGGERS = """
SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace
AND p.prorettype = 'trigger'::regtype AND starts_with(p.proname, 'pgtrigger_') AND NOT p.prosecdef
"""
FREE_TRIGGER = "ALTER FUNCTION {function} SECURITY DEFINER SET search_path = {schema}, pg_temp"
WANTS_ROLE = """
SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user
AND NOT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)
"""
# Another portal of the same server may make it at the same moment.
MAKE_ROLE = """
DO $$ BEGIN CREATE ROLE {role} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
"""
WANTS_MEMBERSHIP = """
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %(role)s AND NOT pg_has_role(oid, 'MEMBER'))
AND (SELECT rolcreaterole FROM pg_roles WHERE rolname = current_user)
"""
JOIN_ROLE = """
DO $$ BEGIN GRANT {role} TO CURRENT_USER;
EXCEPTION WHEN insufficient_privilege THEN NULL; END $$
"""
WANTS_RIGHTS = """
SELECT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = %s AND (
    NOT has_schema_privilege(r.oid, current_schema(), 'USAGE') OR EXISTS (
        SELECT FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
        AND NOT (has_table_privilege(r.oid, c.oid, 'SELECT') AND has_table_privilege(r.oid, c.oid, 'DELETE')))))
"""
GIVE_RIGHTS = (
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
)


def install_after_migration(using: str, **_: Any) -> None:
    """Receives `post_migrate` of the last app: by then every table of the version is there."""
    install(connections[using])


def install(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        _hold_tables(cursor, connection)
        schema = sql.Identifier(_said(cursor, "SELECT current_schema()"))
        _free_triggers(cursor, schema)
        if settings.GUARD_ROLE:
            _make_role(cursor)
            _give_rights(cursor, schema)


def _hold_tables(cursor: CursorWrapper, connection: BaseDatabaseWrapper) -> None:
    """Table by table, each locked for the moment of its own change."""
    there = set(connection.introspection.table_names(cursor))
    wanted = {table: condition for table, condition in policies().items() if table in there}
    found = _found(cursor)
    differing = [table for table in sorted(wanted.keys() | found.keys()) if _differs(table, wanted, found)]
    if differing:
        cursor.execute(Path(__file__).with_name("functions.sql").read_text(encoding="utf-8"))
    for table in differing:
        with transaction.atomic(using=connection.alias):
            for statement in _changes(table, found.get(table, _NOTHING).names, wanted.get(table)):
                cursor.execute(statement.as_string(connection.connection))


@dataclass(frozen=True, slots=True)
class _Policies:
    names: frozenset[str]
    are_on: bool


_NOTHING = _Policies(frozenset(), are_on=False)


def _found(cursor: CursorWrapper) -> dict[str, _Policies]:
    cursor.execute(INSTALLED, [PREFIX])
    return {table: _Policies(frozenset(names), are_on=is_on) for table, names, is_on in cursor.fetchall()}


def _differs(table: str, wanted: Mapping[str, str], found: Mapping[str, _Policies]) -> bool:
    if table not in wanted:
        return True
    return found.get(table, _NOTHING) != _Policies(frozenset({policy_name(wanted[table])}), are_on=True)


def _changes(table: str, found: frozenset[str], condition: str | None) -> Iterator[sql.Composed]:
    names = {"table": sql.Identifier(table), "condition": sql.SQL(condition or "")}
    for name in sorted(found):
        yield sql.SQL("DROP POLICY {name} ON {table}").format(name=sql.Identifier(name), **names)
    if condition is None:
        yield sql.SQL("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY").format(**names)
        return
    yield sql.SQL("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY").format(**names)
    yield sql.SQL("CREATE POLICY {name} ON {table} USING ({condition}) WITH CHECK ({condition})").format(
        name=sql.Identifier(policy_name(condition)), **names
    )


def _free_triggers(cursor: CursorWrapper, schema: sql.Identifier) -> None:
    cursor.execute(TRIGGERS)
    for (signature,) in cursor.fetchall():
        cursor.execute(_named(FREE_TRIGGER, function=sql.SQL(signature), schema=schema))


def _make_role(cursor: CursorWrapper) -> None:
    role = settings.GUARD_ROLE
    if _said(cursor, WANTS_ROLE, [role]):
        cursor.execute(_named(MAKE_ROLE))
    if _said(cursor, WANTS_MEMBERSHIP, {"role": role}):
        cursor.execute(_named(JOIN_ROLE))


def _give_rights(cursor: CursorWrapper, schema: sql.Identifier) -> None:
    if _said(cursor, WANTS_RIGHTS, [settings.GUARD_ROLE]):
        for statement in GIVE_RIGHTS:
            cursor.execute(_named(statement, schema=schema))


def _said(cursor: CursorWrapper, question: str, words: Any = None) -> Any:
    cursor.execute(question, words)
    row = cursor.fetchone()
    return row and row[0]


def _named(statement: LiteralString, **names: sql.Composable) -> str:
    return sql.SQL(statement).format(role=sql.Identifier(settings.GUARD_ROLE), **names).as_string(None)
