"""Makes the database ready for this version of the code: `python -m portal.prepare`. Does nothing where all is done."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EMBEDDED_MARK = "GATEPOST_EMBEDDED"
LOCK_PATIENCE = "10s"


class HeldUp(Exception):  # noqa: N818 (named as the sentence it becomes)
    """Somebody holds a table that a migration changes."""

    def __init__(self, patience: str) -> None:
        super().__init__(
            f"A migration waited {patience} for a table that somebody holds, and gave way. The steps before it are "
            "done, it and the rest are not. Start this again; if it stays so, pg_stat_activity shows who holds it."
        )


def prepare(say: Callable[[str], None]) -> None:
    """Migrations, the cache table, the objects of the broker and the second guard, each only where it is missing."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection, connections

    from accounts.guard.installation import install

    if count := len(open_migrations()):
        say(f"Preparing the database ({count} steps)")
        with giving_way():
            call_command("migrate", interactive=False, verbosity=0)
    if "db.DatabaseCache" in settings.CACHES["default"]["BACKEND"]:
        call_command("createcachetable", verbosity=0)
    if "conn_string" in settings.CELERY_BROKER_TRANSPORT_OPTIONS:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('pgmq.meta')")
            is_missing = cursor.fetchone() == (None,)
        if is_missing:
            install_pgmq(settings.CELERY_BROKER_TRANSPORT_OPTIONS["conn_string"])
    install(connection)  # last: it gives rights on the tables that are there
    connections.close_all()


@contextmanager
def giving_way(patience: str = LOCK_PATIENCE) -> Iterator[None]:
    """A step that waits for a lock makes everybody wait behind it: it gives up instead. Raises HeldUp."""
    import psycopg
    from django.db import OperationalError, connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [patience])
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
            raise HeldUp(patience) from error
        raise
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def open_migrations() -> list[str]:
    """The names of the migrations that still have to be run."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _ in plan]


def install_pgmq(conninfo: str) -> None:
    """The message queue's tables and functions, out of the package: no extension has to be installed."""
    from pgmq.install import install_pgmq_from_sql

    install_pgmq_from_sql(dsn=conninfo)


def wants_demo() -> bool:
    """A first start: the demo can be built and nobody has begun to work here."""
    from django.apps import apps
    from django.core.management import get_commands

    return "build_demo" in get_commands() and not apps.get_model("accounts", "Organization").objects.exists()


def main() -> int:
    def say(sentence: str) -> None:
        sys.stdout.write(f"{sentence}\n")
        sys.stdout.flush()

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    try:
        prepare(say)
    except HeldUp as refusal:
        sys.stderr.write(f"gatepost: {refusal}\n")
        return 1
    if "--demo" in sys.argv and wants_demo():
        from django.core.management import call_command

        say("Building the demo")
        call_command("build_demo")
    return 0


if __name__ == "__main__":
    sys.exit(main())
