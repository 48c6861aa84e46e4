from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

import structlog
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from core.models import Job

if TYPE_CHECKING:
    from types import TracebackType

    from django.contrib.auth.base_user import AbstractBaseUser
    from django.db.models import Model, QuerySet

SECONDS_BETWEEN_PROGRESS = 0.3
Tell = Callable[[int, int, str], object]  # Handle.progress, as the code that does the work knows it

log = structlog.get_logger(__name__)


class LeaseLost(Exception):  # noqa: N818 (not an error: another worker has the job now)
    """The worker no longer holds the job and must not write about it."""


def lease_end() -> Any:
    """The database's clock decides, so that workers on several machines agree."""
    return Now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)


def take(job_id: int) -> Job | None:
    """Take a job for this worker, or None: finished, held by another, backing off, or out of attempts."""
    with transaction.atomic():
        due = Job.objects.due().filter(pk=job_id, attempts__lt=F("max_attempts"))
        job = due.select_for_update(skip_locked=True, no_key=True).first()
        if job is None:
            return None
        job.lease_token, job.state = uuid.uuid4(), Job.State.RUNNING
        Job.objects.filter(pk=job.pk).update(
            state=job.state, attempts=F("attempts") + 1, lease_token=job.lease_token, lease_expires_at=lease_end()
        )
        Job.objects.filter(pk=job.pk, started_at=None).update(started_at=Now())
        job.attempts += 1
    return job


class Handle:
    """What the code of a kind sees of its job."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.attempt = job.attempts
        self.arguments: dict[str, Any] = job.arguments
        self._next_progress = 0.0
        self._is_applying = False

    @property
    def actor(self) -> AbstractBaseUser | None:
        return self.job.actor

    @property
    def subject(self) -> Model:
        """The row the job is about, read anew at each call. Raises its DoesNotExist when it is gone."""
        model = apps.get_model(self.job.subject_type)
        rows: QuerySet[Model] = model._base_manager.all()
        return rows.get(pk=self.job.subject_id)

    def progress(self, done: int, total: int | None = None, sentence: str = "") -> None:
        """Show how far it is. Call it as often as you like: it writes a few times a second, and the end always.

        Belongs to `prepare`: from inside the transaction of `apply` nobody would see it. Raises LeaseLost when another
        worker has taken the job.
        """
        if self._is_applying:
            raise RuntimeError("progress() belongs to prepare()")
        is_last = total is not None and done >= total
        if monotonic() < self._next_progress and not is_last:
            return
        self._next_progress = monotonic() + SECONDS_BETWEEN_PROGRESS
        done = done if total is None else min(done, total)
        self.renew(progress_done=done, progress_total=total, progress_sentence=sentence[:200])

    def renew(self, **fields: Any) -> None:
        """Extend the lease. Raises LeaseLost."""
        held = Job.objects.filter(pk=self.job.pk, lease_token=self.job.lease_token)
        if not held.update(lease_expires_at=lease_end(), **fields):
            raise LeaseLost(str(self.job))

    def lock(self) -> Job:
        """The row under its lock, for the one write that ends this attempt. Raises LeaseLost."""
        self._is_applying = True
        held = Job.objects.select_for_update(no_key=True).filter(pk=self.job.pk, lease_token=self.job.lease_token)
        row = held.first()
        if row is None:
            raise LeaseLost(str(self.job))
        return row


class Heartbeat:
    """Extends the lease from a thread of its own while `prepare` is silent."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._over = Event()
        self._thread = Thread(target=self._beat, name=f"heartbeat-{handle.job.pk}", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join(timeout=settings.JOB_LEASE_SECONDS)

    def _beat(self) -> None:
        while not self._over.wait(settings.JOB_HEARTBEAT_SECONDS):
            try:
                self._handle.renew()
            except LeaseLost:
                return
            except Exception as error:  # noqa: BLE001 (a database that is away for a moment must not end the beat)
                log.warning("job_heartbeat_failed", job=self._handle.job.pk, error=type(error).__name__)
            finally:
                connection.close()
