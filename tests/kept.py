"""Rows of fixtures that are the same in every test: written through the real doors once, copied into later tests.

A fixture made with `kept` runs for real the first time. What it wrote is read back, and a later test whose transaction
stands at the same point gets those rows in one statement. It runs for real again wherever that would not be the same:
after any other write, while the clock is moved, and in tests that commit.
"""

import functools
import inspect
import io
import json
import pickle
import re

import pytest
import time_machine
from django.db import connection
from django.db.models import Model
from psycopg import sql

from core import documents
from tests.flush import columns_written

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|MERGE|WITH|COPY|TRUNCATE)\b", re.IGNORECASE)
# Signing in touches nothing that a fixture writes.
SIGNS_IN = re.compile(r'(INSERT INTO|UPDATE) "django_session"|UPDATE "accounts_user" SET "last_login"')
_recorded = {}


def kept(make):
    """A fixture that writes nothing but rows and returns models, or what can be pickled and holds models."""

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
        text = str(statement)
        self.written += bool(WRITES.match(text)) and not SIGNS_IN.match(text)
        return execute(statement, params, many, context)

    def take(self, make, needs):
        self.is_ours = self.is_ours and self.written == self.known and not time_machine.escape_hatch.is_travelling()
        if not self.is_ours:
            return make(**needs)
        self.point = (*self.point, (f"{make.__module__}.{make.__qualname__}", how_paper_is_drawn()))
        if self.point in _recorded:
            made = _recorded[self.point].write_again(needs)
        else:
            made, _recorded[self.point] = record(make, needs)
        self.known = self.written
        return made


class Recorded:
    def __init__(self, statement, tables, made):
        self.statement, self.tables, self.made = statement, tables, made

    def write_again(self, needs):
        """The rows, and what the fixture returned: a model it was given is that same object, read anew."""
        with connection.cursor() as cursor:
            cursor.execute(self.statement)
        given = {(type(one), one.pk): one for one in needs.values() if isinstance(one, Model)}
        for one in given.values():
            if one._meta.db_table in self.tables:
                one.refresh_from_db()
        return _Unpickler(self.made, given).load()


def record(make, needs):
    before = rows_of_this_test()
    made = make(**needs)
    after = rows_of_this_test()
    gone = {table for table, rows in before.items() if keys_of(table, rows) - keys_of(table, after.get(table, set()))}
    assert not gone, f"{make.__name__} deletes what an earlier fixture wrote ({gone}): it can't be kept"
    wrote = {table: new for table, rows in after.items() if (new := rows - before.get(table, set()))}
    parts = [_insert(table, part) for table, rows in wrote.items() for part in changed_first(table, rows, before)]
    pickled = io.BytesIO()
    _Pickler(pickled).dump(made)
    return made, Recorded(written_again(parts), wrote.keys(), pickled.getvalue())


def keys_of(table, rows):
    key = _key(table)
    return {json.loads(row)[key] for row in rows}


def how_paper_is_drawn():
    """Tests put quick paper in the place of the real one: what one drew is not what another would."""
    return tuple(sorted((kind, id(getattr(draw, "__code__", draw))) for kind, draw in documents._renderers.items()))


class _Pickler(pickle.Pickler):
    def persistent_id(self, value):
        return (type(value), value.pk) if isinstance(value, Model) else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, pickled, given):
        super().__init__(io.BytesIO(pickled))
        self.given = given

    def persistent_load(self, name):
        model, key = name
        if name not in self.given:
            self.given[name] = model._base_manager.get(pk=key)
        return self.given[name]


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


def changed_first(table, rows, before):
    """The rows that were there already, then the new ones: what gives way makes room for what takes its place."""
    known = keys_of(table, before.get(table, set()))
    changed = {row for row in rows if json.loads(row)[_key(table)] in known}
    return [part for part in (changed, rows - changed) if part]


def written_again(inserts):
    """The statement that writes rows as they are, without the triggers that had their say when they were made."""
    off, on = (sql.SQL(f"SET LOCAL session_replication_role = {role}") for role in ("replica", "origin"))
    return sql.SQL("; ").join([off, *inserts, on]).as_string(connection.connection)


def _insert(table, lines):
    with connection.cursor() as cursor:
        columns = [sql.Identifier(name) for name in columns_written(cursor, table)]
    return sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, {rows})"
        " ON CONFLICT ({key}) DO UPDATE SET ({columns}) = ROW({new})"
    ).format(
        table=sql.Identifier(table),
        columns=sql.SQL(", ").join(columns),
        rows=sql.Literal(f"[{','.join(sorted(lines))}]"),
        key=sql.Identifier(_key(table)),
        new=sql.SQL(", ").join(sql.SQL("EXCLUDED.{}").format(column) for column in columns),
    )


def _key(table):
    with connection.cursor() as cursor:
        return connection.introspection.get_primary_key_column(cursor, table)


def _one(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]
