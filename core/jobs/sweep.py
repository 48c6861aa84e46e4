from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from core.jobs.kinds import label_of, queue_of
from core.jobs.queue import announce
from core.jobs.run import fail, new_reference
from core.models import Job

if TYPE_CHECKING:
    from core.models.jobs import JobQuerySet

log = structlog.get_logger(__name__)

AT_ONCE = 200


def sweep() -> list[int]:
    """Find what lost its worker or its message and tell the workers again. Returns the jobs that were announced.

    Safe to run twice at once: rows somebody holds are passed over.
    """
    _give_up_on_the_hopeless()
    with transaction.atomic():
        forgotten = _forgotten().select_for_update(skip_locked=True, no_key=True)
        found = dict(forgotten.order_by("pk").values_list("pk", "kind")[:AT_ONCE])
        Job.objects.filter(pk__in=found).update(announced_at=Now())
    for job_id, kind in found.items():
        announce(job_id, queue_of(kind))
    return list(found)


def _forgotten() -> JobQuerySet:
    """Due for a while without anybody taking it. What is merely waiting its turn is told again, which harms nothing."""
    patience = Now() - timedelta(seconds=settings.JOB_MESSAGE_PATIENCE_SECONDS)
    return Job.objects.due().filter(
        Q(announced_at__lt=patience) | Q(announced_at__lt=F("available_at")) | Q(announced_at__lt=F("lease_expires_at"))
    )


@transaction.atomic
def _give_up_on_the_hopeless() -> None:
    """A job whose worker died at every attempt ends here: it would take the next worker with it."""
    hopeless = Job.objects.due().filter(attempts__gte=F("max_attempts"))
    for row in hopeless.select_for_update(skip_locked=True, no_key=True):
        reference = new_reference()
        log.error("job_lost_its_workers", job=row.pk, kind=row.kind, attempts=row.attempts, reference=reference)
        sentence = f"{label_of(row.kind)} stopped without a word {row.attempts} times: reference {reference}."
        fail(row, [sentence], reference)
