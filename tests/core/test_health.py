"""What load balancers and people are told about how the portal is."""

import json
import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from core import health, tasks
from core.models import Job


@pytest.fixture(autouse=True)
def nobody_was_seen():
    cache.delete(health.WORKER_SEEN)


def told(answer):
    return json.loads(answer.content)


def test_healthz_asks_nothing_of_the_database(rf, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        answer = health.healthz(rf.get("/healthz"))

    assert (answer.status_code, told(answer)) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]


def test_readyz_says_that_every_part_is_well(rf, db):
    answer = health.readyz(rf.get("/readyz"))

    assert answer.status_code == 200
    assert told(answer) == {
        "status": "ok",
        "database": "ok",
        "migrations": "ok",
        "broker": "ok",
        "worker_seen_seconds_ago": None,
    }


def test_readyz_is_503_and_gives_no_details_when_the_database_is_away(rf, db, monkeypatch):
    def cursor():
        raise OSError("host db.internal refused the password")

    with monkeypatch.context() as away:
        away.setattr(connection, "cursor", cursor)
        answer = health.readyz(rf.get("/readyz"))

    assert answer.status_code == 503
    assert (told(answer)["status"], told(answer)["database"], told(answer)["broker"]) == ("failing", "failing", "ok")
    assert "internal" not in answer.content.decode()


def test_readyz_is_503_while_migrations_are_open(rf, db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'core'")

    answer = health.readyz(rf.get("/readyz"))

    assert answer.status_code == 503
    assert told(answer)["migrations"] == "failing"


def test_readyz_is_503_when_the_broker_is_away(rf, db, monkeypatch):
    def refuse(*_, **__):
        raise OSError

    monkeypatch.setattr("kombu.connection.Connection.ensure_connection", refuse)

    answer = health.readyz(rf.get("/readyz"))

    assert answer.status_code == 503
    assert told(answer)["broker"] == "failing"


def test_a_sweep_is_a_sign_of_life(db):
    tasks.sweep_jobs()

    assert health.worker_age() == 0


def test_a_lease_that_is_kept_is_a_sign_of_life(db, settings):
    cache.set(health.WORKER_SEEN, timezone.now() - timedelta(hours=1), timeout=None)
    assert health.worker_age() == 3600

    expires = timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS - 5)
    Job.objects.create(kind="any", state="running", lease_token=uuid.uuid4(), lease_expires_at=expires)

    assert health.worker_age() == 5


@pytest.mark.parametrize("view", [health.healthz, health.readyz])
def test_health_is_only_read(rf, db, view):
    assert view(rf.post("/")).status_code == 405
