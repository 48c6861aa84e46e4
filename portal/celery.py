"""The Celery application: what is sent is "look now", what is to be done stands in the database."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery, signals
from django_structlog.celery.steps import DjangoStructLogInitStep

from portal.lifeline import bind_forked_children

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")

app = Celery("gatepost")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)


@signals.worker_init.connect  # type: ignore[untyped-decorator]  # Celery ships no types
@signals.beat_init.connect  # type: ignore[untyped-decorator]  # Celery ships no types
def _do_without_pool(**_: Any) -> None:
    """A pool's threads and sockets do not survive the fork of a worker's children."""
    from django.conf import settings

    for database in settings.DATABASES.values():
        database.get("OPTIONS", {}).pop("pool", None)


@signals.worker_init.connect  # type: ignore[untyped-decorator]  # Celery ships no types
def _end_with_the_worker(**_: Any) -> None:
    """A child whose worker was killed would go on with a job that is no longer its own."""
    bind_forked_children()


@signals.setup_logging.connect  # type: ignore[untyped-decorator]  # Celery ships no types
def _log_as_the_portal_does(**_: Any) -> None:
    """Being connected is the point: Celery then leaves logging to Django's settings."""
