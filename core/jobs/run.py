from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from core.errors import DomainError
from core.jobs.handle import Handle, Heartbeat, LeaseLost, take
from core.jobs.kinds import kind_of, label_of
from core.models import Job

if TYPE_CHECKING:
    from collections.abc import Sequence

log = structlog.get_logger(__name__)

CLEAR_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def run_job(job_id: int) -> bool:
    """Take a job and do it, here and now. False when it was not this caller's to take.

    Never raises for a job that fails: the row says so.
    """
    job = take(job_id)
    if job is None:
        return False
    handle = Handle(job)
    try:
        _do(handle)
    except LeaseLost:
        log.warning("job_lease_lost", job=job.pk, kind=job.kind, attempt=job.attempts)
    except DomainError as refusal:
        _end(handle, refusal.reasons)
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001 (WeasyPrint's FatalURLFetchingError is a BaseException)
        _retry_or_end(handle, error)
    return True


def _do(handle: Handle) -> None:
    kind = kind_of(handle.job.kind)
    with Heartbeat(handle):
        result = kind.prepare(handle)
    with transaction.atomic():
        row = handle.lock()
        row.result = kind.apply(handle, result)
        row.state, row.finished_at = Job.State.DONE, Now()
        _let_go(row, "result", "state", "finished_at")


def _retry_or_end(handle: Handle, error: BaseException) -> None:
    """Back off and try again; after the last attempt fail with a reference that stands in the log."""
    job, reference = handle.job, new_reference()
    log.error("job_failed", job=job.pk, kind=job.kind, attempt=job.attempts, reference=reference, exc_info=error)
    if job.attempts >= job.max_attempts:
        _end(handle, [did_not_work(job, reference)], reference)
        return
    try:
        with transaction.atomic():
            row = handle.lock()
            row.state, row.error_reference = Job.State.QUEUED, reference
            row.available_at = Now() + timedelta(seconds=settings.JOB_RETRY_SECONDS * 2 ** (job.attempts - 1))
            _let_go(row, "state", "available_at", "error_reference")
    except LeaseLost:
        log.warning("job_lease_lost", job=job.pk, kind=job.kind, attempt=job.attempts)


def _end(handle: Handle, reasons: Sequence[str], reference: str = "") -> None:
    try:
        with transaction.atomic():
            fail(handle.lock(), reasons, reference)
    except LeaseLost:
        log.warning("job_lease_lost", job=handle.job.pk, kind=handle.job.kind, attempt=handle.job.attempts)


def fail(row: Job, reasons: Sequence[str], reference: str = "") -> None:
    """Mark a locked row failed, with what its kind does then. An error in the latter does not hide the failure."""
    row.state, row.finished_at = Job.State.FAILED, Now()
    row.error_sentence, row.error_reference = " ".join(reasons), reference
    _let_go(row, "state", "finished_at", "error_sentence", "error_reference")
    row.refresh_from_db()
    try:
        with transaction.atomic():
            kind_of(row.kind).give_up(row, reasons)
    except Exception:
        log.exception("job_give_up_failed", job=row.pk, kind=row.kind)


def _let_go(row: Job, *fields: str) -> None:
    row.lease_token = row.lease_expires_at = None
    row.save(update_fields=[*fields, "lease_token", "lease_expires_at"])


def did_not_work(job: Job, reference: str) -> str:
    return f"{label_of(job.kind)} did not work. It is not your doing, and nothing was changed: reference {reference}."


def new_reference() -> str:
    return "".join(secrets.choice(CLEAR_LETTERS) for _ in range(8))


def summary(job: Job) -> dict[str, Any]:
    """What a page or the API shows of a job."""
    return {
        "id": job.pk,
        "label": label_of(job.kind),
        "state": job.state,
        "done": job.progress_done,
        "total": job.progress_total,
        "sentence": job.error_sentence or job.progress_sentence,
        "reference": job.error_reference if job.state == Job.State.FAILED else "",
    }
