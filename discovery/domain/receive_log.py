from __future__ import annotations

import zoneinfo
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.errors import DomainError
from core.jobs import enqueue
from core.numbering import next_number
from discovery.domain.keep_pieces import keep_pieces
from discovery.domain.lock_gaps import is_plan_out
from discovery.domain.receive_upload import lock_for_upload, may_upload, plain_name, printable
from discovery.models import LogReading

if TYPE_CHECKING:
    from typing import IO

    from accounts.models import User
    from engagements.models import Engagement


@transaction.atomic
def receive_log(
    engagement: Engagement,
    *,
    filename: str,
    content_file: IO[bytes],
    host_label: str,
    zone: str,
    actor: User,
    is_reopening: bool = False,
) -> LogReading:
    """Take a mail log in and have it read by a job. The bytes are kept, encrypted, until that job has read them.

    Under a plan that is out for signature or signed it takes `is_reopening`: what a log measures stands in the plan.
    Raises DomainError for a file that is empty, too large or counted already, and for a zone that does not exist.
    """
    may_upload(engagement, actor=actor)
    _refuse_to_reopen(engagement, is_reopening=is_reopening)  # and again under the lock, once the file is stored
    unread, byte_count, sha256 = keep_pieces(content_file)
    engagement = lock_for_upload(engagement, actor=actor)
    _refuse_to_reopen(engagement, is_reopening=is_reopening)
    host = printable(host_label).strip().lower()[:80]
    if not host:
        raise DomainError("Name the host that wrote this log.")
    log = LogReading(
        engagement=engagement,
        number=next_number(engagement.log_readings.all()),
        filename=plain_name(filename),
        host_label=host,
        zone=_known_zone(zone),
        sha256=sha256,
        byte_count=byte_count,
        unread=unread,
        uploaded_by=actor,
        uploaded_at=timezone.now(),
    )
    _refuse_twice(log)
    _queue(log, actor)
    return log


def _refuse_to_reopen(engagement: Engagement, *, is_reopening: bool) -> None:
    if not is_reopening and is_plan_out(engagement):
        raise DomainError(
            "Nothing was kept of this log. The plan is out for signature or signed, and what mail logs measure stands "
            "in it. Confirm that phase 1 is opened again if this log measures something else: then a new version has "
            "to be frozen and signed."
        )


def _known_zone(zone: str) -> str:
    name = zone.strip()
    if name not in zoneinfo.available_timezones():
        raise DomainError("The time zone is not one we know. Write it as Europe/Paris, or UTC.")
    return name


def _refuse_twice(log: LogReading) -> None:
    """The same bytes counted twice would double the volume."""
    same = log.engagement.log_readings.filter(host_label=log.host_label, sha256=log.sha256)
    earlier = same.exclude(state=LogReading.State.REFUSED).first()
    if earlier:
        raise DomainError(
            f"This file was taken already: it is mail log {earlier.number} of {earlier.host_label}. Nothing changed."
        )


def _queue(log: LogReading, actor: User) -> None:
    log.save()
    log.job = enqueue("read_log", subject=log, actor=actor, key=f"log-{log.pk}")
    log.save(update_fields=["job"])
    record(
        "log.received",
        subject=log,
        actor=actor,
        filename=log.filename,
        host=log.host_label,
        byte_count=log.byte_count,
        sha256=log.sha256,
    )
