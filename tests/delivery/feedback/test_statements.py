"""SQL for a customer's table: run by a real PostgreSQL, and harmless whatever a bounce says."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from delivery.feedback.exports import columns_in
from delivery.feedback.limits import Unreadable
from delivery.feedback.statements import MYSQL, POSTGRESQL, as_sql, table_in

HOSTILE = "5.1.1 it's \\'); DROP TABLE bounces; -- \"`$1 :name\n\\! echo é \U0001f600"
COLUMNS = columns_in("nr=id, said=diagnostic, when.at=happened_at, status")
ROWS = [(1, HOSTILE, datetime(2026, 11, 10, 9, tzinfo=UTC), ""), (2, "plain", None, "4.2.2")]


def stored():
    with connection.cursor() as cursor:
        cursor.execute('SELECT nr, said, "when.at", status FROM bounces ORDER BY nr')
        return cursor.fetchall()


@pytest.mark.django_db
def test_postgresql_takes_the_rows_as_they_are_and_once_however_often_they_come():
    with connection.cursor() as cursor:
        cursor.execute(
            'CREATE TEMPORARY TABLE bounces (nr bigint PRIMARY KEY, said text, "when.at" timestamptz, status text)'
        )
        written = "".join(as_sql(ROWS, COLUMNS, table="bounces", dialect=POSTGRESQL))
        sign, _, rest = written.partition("\n")
        statements = rest.replace("BEGIN;\n", "").replace("COMMIT;\n", "")  # the test is in a transaction already

        for _ in range(2):
            cursor.execute(statements)

    assert stored() == [(1, HOSTILE, datetime(2026, 11, 10, 9, tzinfo=UTC), None), (2, "plain", None, "4.2.2")]
    assert sign == "\\set ON_ERROR_STOP on"
    assert written.count("BEGIN;") == written.count("COMMIT;") == 1


def test_for_mysql_no_text_stands_in_the_statement_as_it_came():
    written = "".join(as_sql(ROWS, COLUMNS, table="mail.bounces", dialect=MYSQL))

    assert "DROP TABLE" not in written
    assert f"CONVERT(X'{HOSTILE.encode().hex()}' USING utf8mb4)" in written
    assert f"CONVERT(X'{b'2026-11-10 09:00:00.000000'.hex()}' USING utf8mb4)" in written
    assert "INSERT INTO `mail`.`bounces` (`nr`, `said`, `when.at`, `status`) VALUES (1, " in written
    assert written.count("ON DUPLICATE KEY UPDATE `nr` = `nr`;") == 2


@pytest.mark.parametrize("name", ['a"; DROP TABLE x', "a.b.c", "1a", "ä", "a b"])
def test_a_table_that_cannot_be_is_refused_with_a_sentence(name):
    with pytest.raises(Unreadable, match="cannot be the name of a table"):
        table_in(name)


def test_without_a_wish_the_table_is_called_bounces():
    assert (table_in(" "), table_in("mail.returned")) == ("bounces", "mail.returned")
