"""A migration that meets somebody's lock gives way, so that nobody waits behind it."""

import psycopg
import pytest
from django.db import OperationalError, connection, transaction

from portal.broker import conninfo_of
from portal.prepare import HeldUp, giving_way

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def held():
    with psycopg.connect(conninfo_of(connection.settings_dict)) as other:
        other.execute("LOCK TABLE engagements_question IN ACCESS SHARE MODE")
        yield
        other.rollback()


def change_table():
    with giving_way("200ms"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE engagements_question IN ACCESS EXCLUSIVE MODE")


def take_too_long(seen):
    with giving_way(), transaction.atomic(), connection.cursor() as cursor:
        seen.append(patience())
        cursor.execute("SET LOCAL statement_timeout = '50ms'")
        cursor.execute("SELECT pg_sleep(5)")


def patience():
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return cursor.fetchone()[0]


@pytest.mark.usefixtures("held")
def test_a_step_that_waits_for_a_table_gives_way_and_says_what_is_done():
    with pytest.raises(HeldUp, match="waited 200ms for a table that somebody holds"):
        change_table()

    assert patience() == "0"


def test_another_fault_stays_what_it_is_and_the_connection_waits_as_before():
    seen = []

    with pytest.raises(OperationalError, match="statement timeout"):
        take_too_long(seen)

    assert (*seen, patience()) == ("10s", "0")
