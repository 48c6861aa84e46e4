"""What the worker is told. Each task is one call; the work stands in the module it calls."""

from celery import shared_task

from core.health import note_worker
from core.jobs import run_job, sweep
from core.outbox import deliver_all
from core.repeats import clear_answers


@shared_task(name="core.run_job")  # type: ignore[untyped-decorator]  # Celery ships no types
def run_job_task(job_id: int) -> None:
    run_job(job_id)


@shared_task(name="core.sweep_jobs")  # type: ignore[untyped-decorator]  # Celery ships no types
def sweep_jobs() -> None:
    note_worker()
    sweep()


@shared_task(name="core.sweep_for_urgent")  # type: ignore[untyped-decorator]  # Celery ships no types
def sweep_for_urgent() -> None:
    """The same, by the worker that waits behind nothing: an urgent job that backs off is told again in time."""
    sweep()


@shared_task(name="core.deliver_outbox")  # type: ignore[untyped-decorator]  # Celery ships no types
def deliver_outbox() -> None:
    deliver_all()


@shared_task(name="core.clear_answers")  # type: ignore[untyped-decorator]  # Celery ships no types
def clear_answers_task() -> None:
    clear_answers()
