"""What each broker has to be told."""

import pytest

from portal.broker import VISIBILITY_SECONDS, conninfo_of, transport_options

DATABASE = {"NAME": "portal", "USER": "gate", "PASSWORD": "a b", "HOST": "", "PORT": "", "OPTIONS": {"host": "/run/pg"}}


def test_without_a_url_the_broker_is_the_database():
    options = transport_options("pgmq://", DATABASE)

    assert options["conn_string"] == "dbname=portal user=gate password='a b' host=/run/pg"
    assert options["visibility_timeout"] == VISIBILITY_SECONDS
    assert options["init_extension"] is False


def test_another_database_can_be_the_broker():
    assert "conn_string" not in transport_options("pgmq://gate@queue.internal/jobs", DATABASE)


@pytest.mark.parametrize("url", ["redis://cache.internal", "rediss://cache.internal"])
def test_redis_gives_back_what_a_dead_worker_took(url):
    assert transport_options(url, DATABASE)["visibility_timeout"] == VISIBILITY_SECONDS


def test_two_portals_in_one_redis_are_told_apart_by_a_prefix():
    names = [transport_options("redis://cache.internal", DATABASE, prefix=one)["global_keyprefix"] for one in ("a", "")]

    assert names == ["a", ""]


def test_rabbitmq_needs_nothing():
    assert transport_options("amqp://broker.internal", DATABASE) == {}


def test_the_pool_of_django_is_no_word_of_libpq():
    database = {"NAME": "portal", "OPTIONS": {"pool": {"max_size": 8}, "sslmode": "require"}}

    assert conninfo_of(database) == "dbname=portal sslmode=require"
