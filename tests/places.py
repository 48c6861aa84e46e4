"""Where a portal that a test starts keeps its things.

Embedded in its folder, as anybody's first portal does. Where the environment of the tests names a broker, on the
servers that it names: in a database of its own, and in Redis under a prefix of its own (docs/first-hour.md).
"""

import os
from contextlib import contextmanager
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import redis

PLACES = ("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL")
NOT_FOR_IT = {*PLACES, "EMAIL_URL", "DJANGO_SETTINGS_MODULE", "PORTAL_URL"}


@contextmanager
def places_in(folder):
    """The environment of a portal with that folder, for as long as it is needed."""
    kept = {name: value for name, value in os.environ.items() if name not in NOT_FOR_IT}
    kept |= {"GATEPOST_VAR": str(folder)}
    broker = os.environ.get("CELERY_BROKER_URL")
    if not broker:
        yield kept
        return
    name = f"portal_{uuid4().hex[:12]}"
    with another_database(name) as url, prefix_in(broker, name), prefix_in(os.environ["CACHE_URL"], name):
        own = {"DATABASE_URL": url, "CELERY_BROKER_URL": broker, "BROKER_KEY_PREFIX": name}
        yield kept | own | {"CACHE_URL": f"{os.environ['CACHE_URL']}?key_prefix={name}"}


def address_of(name):
    """A database of the server that the tests use."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@contextmanager
def another_database(name):
    with psycopg.connect(address_of("postgres"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    try:
        yield address_of(name)
    finally:
        with psycopg.connect(address_of("postgres"), autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def prefix_in(url, prefix):
    """Nothing of this prefix stays in that Redis."""
    yield
    with redis.Redis.from_url(urlsplit(url)._replace(scheme="redis").geturl()) as server:
        forget(server, prefix)


def forget(server, prefix):
    for key in server.scan_iter(match=f"{prefix}*", count=1000):
        server.delete(key)
