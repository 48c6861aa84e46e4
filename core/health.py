"""Whether the portal is well: `/healthz` and `/readyz`, open to anybody, without details."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.models import Job

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

WORKER_SEEN = "worker-seen-at"

log = structlog.get_logger(__name__)


@never_cache
@require_safe
def healthz(_: HttpRequest) -> JsonResponse:
    """The process answers. Asks nothing of anybody else."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(_: HttpRequest) -> JsonResponse:
    """Whether requests can be served: 200 or 503, with a word on each part.

    How long ago a worker was seen is told and does not decide: pages are served without one, work merely waits.
    """
    parts = {
        name: _tried(name, look)
        for name, look in {"database": _database, "migrations": _migrations, "broker": _broker}.items()
    }
    is_ready = all(parts.values())
    words = {name: "ok" if is_well else "failing" for name, is_well in parts.items()}
    age = worker_age() if is_ready else None
    body = {"status": "ok" if is_ready else "failing", **words, "worker_seen_seconds_ago": age}
    return JsonResponse(body, status=200 if is_ready else 503)


def note_worker() -> None:
    """Called by a worker at each sweep: that it happens proves the clock, the broker and a worker at once."""
    cache.set(WORKER_SEEN, timezone.now(), timeout=None)


def worker_age() -> int | None:
    """Seconds since a worker gave a sign of life; None when none ever did. A lease that is kept is one, too."""
    lease = timedelta(seconds=settings.JOB_LEASE_SECONDS)
    latest = Job.objects.filter(state=Job.State.RUNNING).order_by("-lease_expires_at").first()
    signs = [cache.get(WORKER_SEEN)]
    if latest and latest.lease_expires_at:
        signs.append(latest.lease_expires_at - lease)
    seen = max((sign for sign in signs if sign), default=None)
    return max(int((timezone.now() - seen).total_seconds()), 0) if seen else None


def _tried(name: str, look: Callable[[], bool]) -> bool:
    try:
        return look()
    except Exception as error:  # noqa: BLE001 (whatever is wrong with a part, the answer is that it is failing)
        log.warning("not_ready", part=name, error=type(error).__name__)
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _migrations() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _broker() -> bool:
    from celery import current_app

    with current_app.connection_for_write(connect_timeout=2) as link:
        link.ensure_connection(max_retries=1, interval_start=0, timeout=3)
    return True
