from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from django.db import connection, transaction

from core.jobs.kinds import kind_of, queue_of
from core.models import Job

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.db.models import Model

log = structlog.get_logger(__name__)

_TRIES = 5


def enqueue(kind: str, *, subject: Model, actor: AbstractBaseUser | None, key: str = "", **arguments: Any) -> Job:
    """Ask for slow work in the caller's transaction; a worker is told once that is committed.

    With a `key`, an unfinished job of the same kind and key is returned instead of a second one.
    Raises RuntimeError outside of a transaction and KeyError for a kind nobody registered.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("enqueue() belongs inside the transaction that makes the work necessary")
    wanted = Job(
        kind=kind_of(kind).name,
        key=key,
        subject_type=subject._meta.label,
        subject_id=str(subject.pk),
        actor_id=actor.pk if actor else None,
        arguments=arguments,
        max_attempts=kind_of(kind).max_attempts,
    )
    row = _insert_or_find(wanted)
    transaction.on_commit(partial(announce, row.pk, queue_of(kind)))
    return row


def _insert_or_find(wanted: Job) -> Job:
    if not wanted.key:
        wanted.save(force_insert=True)
        return wanted
    for _ in range(_TRIES):
        # Waits for a transaction that is just inserting the same key, and inserts nothing when that one commits.
        Job.objects.bulk_create([wanted], ignore_conflicts=True)
        # None when the other job has finished between these two lines: then there is room for this one.
        if row := Job.objects.unfinished().filter(kind=wanted.kind, key=wanted.key).first():
            return row
    raise RuntimeError(f"Jobs of the key {wanted.key} finish faster than one can be asked for")


def announce(job_id: int, queue: str) -> None:
    """Tell a worker. A message that cannot be sent is only logged: the sweeper sends it again."""
    from core.tasks import run_job_task

    try:
        run_job_task.apply_async([job_id], queue=queue)
    except Exception as error:  # noqa: BLE001 (whatever the broker's library raises, the work is not lost)
        log.warning("job_announcement_failed", job=job_id, error=type(error).__name__)
