"""A database that was started again costs nobody more than a moment, and nobody is told that the portal is broken."""

from threading import Barrier, Thread

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.test import Client
from django.urls import reverse

from core.models import OutboxMessage
from core.outage import is_outage
from engagements.models import Question

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def end_connections():
    """End every connection of this database, as a server does that is killed."""
    connection.ensure_connection()

    def end():
        words = connection.settings_dict
        with psycopg.connect(
            dbname=words["NAME"],
            user=words["USER"],
            password=words["PASSWORD"],
            host=words["HOST"] or words["OPTIONS"].get("host"),
            port=words["PORT"] or None,
            autocommit=True,
        ) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )

    yield end
    connection.close()


@pytest.fixture
def reader(carl):
    client = Client(raise_request_exception=False)
    client.force_login(carl)
    return client


def test_a_page_whose_connection_broke_says_what_happened_and_when_to_ask_again(reader, engagement, end_connections):
    page = reverse("engagements:questions", args=[engagement.code])
    end_connections()

    broken = reader.get(page)
    connection.close()
    again = reader.get(page)

    assert broken.status_code == 503
    assert broken["Retry-After"] == "5"
    assert "The database does not answer just now" in broken.text
    assert f'href="{page}"' in broken.text
    assert again.status_code == 200


def test_who_sent_a_form_is_told_that_it_is_not_known_and_the_same_form_is_done_once(
    reader, engagement, end_connections
):
    page = reverse("engagements:questions", args=[engagement.code])
    sent = f"csrfmiddlewaretoken={'a' * 64}&text=Who"
    end_connections()

    broken = reader.post(page, sent, "application/x-www-form-urlencoded")
    connection.close()
    done = [reader.post(page, sent, "application/x-www-form-urlencoded") for _ in range(2)]

    assert broken.status_code == 503
    assert "is not known yet" in broken.text
    assert [answer.status_code for answer in done] == [302, 302]
    assert Question.objects.count() == 1
    assert len(set(OutboxMessage.objects.values_list("recipient", "reference_id"))) == OutboxMessage.objects.count()


def test_a_program_is_told_in_its_own_form(reader, end_connections):
    end_connections()

    broken = reader.get("/api/v1/engagements/")

    assert broken.status_code == 503
    assert broken["Content-Type"] == "application/problem+json"
    assert broken["Retry-After"] == "5"
    assert broken.json()["type"] == "/api/docs/#problem-away"


@pytest.mark.parametrize(
    ("headers", "said"),
    [({"Idempotency-Key": "one act"}, "with the same Idempotency-Key"), ({}, "Look whether it was done before")],
)
def test_a_program_is_promised_only_what_its_key_holds(reader, engagement, end_connections, headers, said):
    end_connections()

    broken = reader.post(f"/api/v1/engagements/{engagement.code}/questions/", {"text": "Who?"}, headers=headers)

    assert broken.status_code == 503
    assert said in broken.json()["reasons"][0]


def test_whose_form_is_not_remembered_is_told_to_look_first_and_no_log_has_the_key_in_the_address(
    end_connections, caplog
):
    end_connections()

    broken = Client(raise_request_exception=False).post("/q/a-key-to-a-quote/accept/", {"name": "Mia"})

    assert broken.status_code == 503
    assert "look whether it is there" in broken.text
    assert "not saved twice" not in broken.text
    assert "database_away" in caplog.text
    assert "a-key-to-a-quote" not in caplog.text


def test_a_pool_full_of_dead_connections_costs_who_asks_first_nothing(reader, engagement, end_connections):
    size = connection.settings_dict["OPTIONS"]["pool"]["max_size"]
    connection.close()
    connection.close_pool()
    _fill_pool(size)
    assert connection.pool.get_stats()["pool_available"] == size
    end_connections()
    connection.close()

    answer = reader.get(reverse("engagements:questions", args=[engagement.code]))

    assert answer.status_code == 200
    assert connection.pool.get_stats()["connections_lost"] >= size - 1


def _fill_pool(size):
    at_once = Barrier(size)

    def hold():
        connection.ensure_connection()
        at_once.wait(timeout=60)
        connection.close()

    holders = [Thread(target=hold) for _ in range(size)]
    for holder in holders:
        holder.start()
    for holder in holders:
        holder.join()


def _caused_by(kind):
    error = OperationalError("said by the server")
    error.__cause__ = kind()
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OperationalError("the connection is closed"), True),
        (_caused_by(psycopg.errors.AdminShutdown), True),
        (_caused_by(psycopg.errors.DeadlockDetected), True),
        (_caused_by(psycopg.errors.ProgramLimitExceeded), False),
        (_caused_by(psycopg.errors.QueryCanceled), False),
        (InterfaceError("connection already closed"), True),
        (InterfaceError("cursor does not exist"), False),
        (ProgrammingError("no such column"), False),
        (None, False),
    ],
)
def test_an_error_of_ours_is_no_outage(error, expected):
    assert is_outage(error) is expected
