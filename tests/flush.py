"""Emptying the database after a test that commits (`django_db(transaction=True)`).

Django truncates every table then, which the append-only tables refuse by trigger, and which would take the rows that
migrations wrote with it. So the truncation runs with triggers off, for that transaction alone, and what the migrations
left is copied back from a schema of its own.
"""

import pytest
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations

SCHEMA = "left_by_migrations"
TRIGGERS_OFF = "SET LOCAL session_replication_role = replica;"


def keep_rows():
    """Copy every table that has rows; returns the statements that put them back."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
        return [
            statement
            for table in connection.introspection.django_table_names(only_existing=True, include_views=False)
            for statement in _keep(cursor, quote(table), table)
        ]


def _keep(cursor, quoted, table):
    cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {quoted})")
    if not cursor.fetchone()[0]:
        return
    cursor.execute(f"CREATE TABLE {SCHEMA}.{quoted} AS TABLE {quoted}")
    columns = ", ".join(map(connection.ops.quote_name, columns_written(cursor, table)))
    yield f"INSERT INTO {quoted} ({columns}) SELECT {columns} FROM {SCHEMA}.{quoted};"


def columns_written(cursor, table):
    """The columns that a copy of a row writes: all but those that the database makes of the others."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name = %s AND is_generated = 'NEVER'"
        " ORDER BY ordinal_position",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The database of the session, which a flush brings back to where the migrations left it."""
    with django_db_blocker.unblock():
        put_back = keep_rows()
    truncate = DatabaseOperations.sql_flush

    def sql_flush(self, style, tables, **options):
        statements = truncate(self, style, tables, **options)
        return [TRIGGERS_OFF, *statements, *put_back] if statements else statements

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
        yield
