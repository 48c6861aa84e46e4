"""Jobs, mail and the worker. Loaded by CoreConfig.ready()."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, DurationField, F, Min, Sum
from django.db.models.functions import Cast
from django.utils import timezone

from core.health import worker_age
from core.jobs.kinds import queue_of
from core.metrics import metric, seconds_since
from core.models import Job, OutboxMessage

if TYPE_CHECKING:
    from core.metrics import Samples
    from core.models.jobs import JobQuerySet

LATELY = timedelta(days=1)
FINISHED = (Job.State.DONE, Job.State.FAILED)


@metric("jobs_waiting", "Jobs that wait or run, by queue and kind.", labels=("queue", "kind"))
def jobs_waiting() -> Samples:
    for kind, count in Job.objects.unfinished().order_by().values_list("kind").annotate(Count("pk")):
        yield (queue_of(kind), kind), count


@metric("job_oldest_seconds", "Age of the oldest job that has not ended.")
def job_oldest() -> Samples:
    yield (), seconds_since(Job.objects.unfinished().aggregate(first=Min("created_at"))["first"])


def _ended_lately() -> JobQuerySet:
    """Rows are erased one day: a count of all of them would fall, which a counter may not."""
    return Job.objects.filter(state__in=FINISHED, finished_at__gte=timezone.now() - LATELY)


@metric("jobs_ended_day", "Jobs that ended in the last 24 hours, by kind and how.", labels=("kind", "state"))
def jobs_ended() -> Samples:
    for kind, state, count in _ended_lately().order_by().values_list("kind", "state").annotate(Count("pk")):
        yield (kind, state), count


@metric("job_seconds_day", "Seconds that the jobs of the last 24 hours took, by kind.", labels=("kind",))
def job_seconds() -> Samples:
    ended = _ended_lately().filter(started_at__isnull=False).order_by().values_list("kind")
    took = Sum(Cast(F("finished_at") - F("started_at"), DurationField()))
    for kind, total in ended.annotate(took=took):
        yield (kind,), total.total_seconds()


@metric("outbox_waiting", "Mails that wait to be sent.")
def outbox_waiting() -> Samples:
    yield (), OutboxMessage.objects.waiting().count()


@metric("outbox_oldest_seconds", "Age of the oldest mail that waits to be sent.")
def outbox_oldest() -> Samples:
    yield (), seconds_since(OutboxMessage.objects.waiting().aggregate(first=Min("created_at"))["first"])


@metric("outbox_parked", "Mails that were refused or given up, and wait for a person.")
def outbox_parked() -> Samples:
    yield (), OutboxMessage.objects.parked().count()


@metric("worker_seen_seconds", "Seconds since a worker gave a sign of life; -1 where none ever did.")
def worker_seen() -> Samples:
    age = worker_age()
    yield (), -1 if age is None else age
