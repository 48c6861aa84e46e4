"""Rows of fixtures that are the same in every test: written through the real doors once, copied into later tests.

A fixture made with `kept` runs for real the first time. What it wrote is read back, and a later test whose transaction
stands at the same point gets those rows in one statement. It runs for real again wherever that would not be the same:
after any other write, while the clock is moved, and in tests that commit.
"""

import functools
import inspect

import pytest
import time_machine
from django.db import connection
from psycopg import sql

WRITES = ("INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "COPY", "TRUNCATE")
_recorded = {}


def kept(make):
    """A fixture that returns a model instance and writes nothing but rows."""

    def fixture(kept_rows, **needs):
        return kept_rows.take(make, needs)

    functools.update_wrapper(fixture, make)
    parameter = inspect.Parameter("kept_rows", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    fixture.__signature__ = inspect.Signature([parameter, *inspect.signature(make).parameters.values()])
    return pytest.fixture(fixture)


@pytest.fixture
def kept_rows(db):
    rows = KeptRows()
    with connection.execute_wrapper(rows.count):
        yield rows


class KeptRows:
    """How far one test has come: which kept fixtures wrote, and whether anybody else did."""

    def __init__(self):
        self.point = ()
        self.written = self.known = 0
        self.is_ours = connection.in_atomic_block and _one("SELECT pg_current_xact_id_if_assigned() IS NULL")

    def count(self, execute, statement, params, many, context):
        self.written += str(statement).lstrip().upper().startswith(WRITES)
        return execute(statement, params, many, context)

    def take(self, make, needs):
        self.is_ours = self.is_ours and self.written == self.known and not time_machine.escape_hatch.is_travelling()
        if not self.is_ours:
            return make(**needs)
        self.point = (*self.point, f"{make.__module__}.{make.__qualname__}")
        if self.point in _recorded:
            with connection.cursor() as cursor:
                cursor.execute(_recorded[self.point].statement)
        else:
            _recorded[self.point] = record(make, needs)
        self.known = self.written
        return _recorded[self.point].fetch()


class Recorded:
    def __init__(self, statement, model, key):
        self.statement, self.model, self.key = statement, model, key

    def fetch(self):
        return self.model._base_manager.get(pk=self.key)


def record(make, needs):
    before = rows_of_this_test()
    made = make(**needs)
    wrote = {table: rows - before.get(table, set()) for table, rows in rows_of_this_test().items()}
    return Recorded(written_again(wrote), type(made), made.pk)


def rows_of_this_test():
    """{table: {row as JSON}} of what this transaction wrote; its savepoints have the numbers after its own."""
    first = _one("SELECT pg_current_xact_id()::text::bigint")
    each = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {}, to_jsonb(r)::text FROM {} r WHERE r.xmin::text::bigint >= {}").format(
            sql.Literal(table), sql.Identifier(table), sql.Literal(first)
        )
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False)
    )
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(each.as_string(connection.connection))
        for table, row in cursor.fetchall():
            found.setdefault(table, set()).add(row)
    return found


def written_again(rows):
    """The statement that writes rows as they are, without the triggers that had their say when they were made."""
    parts = [sql.SQL("SET LOCAL session_replication_role = replica")]
    parts += [_insert(table, lines) for table, lines in rows.items() if lines]
    parts.append(sql.SQL("SET LOCAL session_replication_role = origin"))
    return sql.SQL("; ").join(parts).as_string(connection.connection)


def _insert(table, lines):
    columns = [sql.Identifier(name) for name in _columns(table)]
    with connection.cursor() as cursor:
        key = connection.introspection.get_primary_key_column(cursor, table)
    return sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, {rows})"
        " ON CONFLICT ({key}) DO UPDATE SET ({columns}) = ROW({new})"
    ).format(
        table=sql.Identifier(table),
        columns=sql.SQL(", ").join(columns),
        rows=sql.Literal(f"[{','.join(sorted(lines))}]"),
        key=sql.Identifier(key),
        new=sql.SQL(", ").join(sql.SQL("EXCLUDED.{}").format(column) for column in columns),
    )


def _columns(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name = %s AND is_generated = 'NEVER'"
            " ORDER BY ordinal_position",
            [table],
        )
        return [name for (name,) in cursor.fetchall()]


def _one(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]
