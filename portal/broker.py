"""The broker: by default the database itself (PGMQ), Redis or RabbitMQ by `CELERY_BROKER_URL`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from psycopg.conninfo import make_conninfo

if TYPE_CHECKING:
    from collections.abc import Mapping

# A message that was taken and not answered for comes back after this. It may come back while its job still runs: the
# job's lease decides who works, so that this need not exceed the longest job.
VISIBILITY_SECONDS = 60
LIBPQ_OPTIONS = frozenset({"host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout"})


def transport_options(url: str, database: Mapping[str, Any], *, prefix: str = "") -> dict[str, Any]:
    """What the transport of this URL has to be told. A bare `pgmq://` stands for the portal's own database."""
    scheme = urlsplit(url).scheme
    if scheme == "pgmq":
        return _pgmq(url, database)
    if scheme in {"redis", "rediss", "sentinel"}:
        patience = {"visibility_timeout": VISIBILITY_SECONDS, "socket_timeout": 10, "socket_connect_timeout": 3}
        return patience | {"global_keyprefix": prefix}
    return {}


def _pgmq(url: str, database: Mapping[str, Any]) -> dict[str, Any]:
    options: dict[str, Any] = {
        "visibility_timeout": VISIBILITY_SECONDS,
        "polling_interval": 0.1,
        "wait_time_seconds": 0,  # waiting is done by LISTEN, which answers in milliseconds
        "use_notify": True,
        "notify_throttle_interval_ms": 0,
        "init_extension": False,  # the SQL objects come from the package, see `portal.prepare`
        "pool_size": 4,
        "pool_timeout": 5,
    }
    if not urlsplit(url).netloc:
        options["conn_string"] = conninfo_of(database)
    return options


def conninfo_of(database: Mapping[str, Any]) -> str:
    """The libpq words for a database of Django's settings."""
    words = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    said = {word: str(database[key]) for word, key in words.items() if database.get(key)}
    options = database.get("OPTIONS", {})
    return make_conninfo(**said, **{word: str(options[word]) for word in LIBPQ_OPTIONS & options.keys()})
