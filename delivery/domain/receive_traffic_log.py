"""Takes a log of either side in, and lets go of one that runs are to read no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict, DomainError
from core.numbering import next_number
from delivery.domain.keep_key import note_need
from delivery.models import TrafficLog
from discovery.domain.keep_pieces import keep_pieces, let_go
from discovery.domain.receive_upload import lock_for_upload, may_upload, plain_name
from engagements.domain.lock_engagement import lock_engagement

if TYPE_CHECKING:
    from typing import IO

    from accounts.models import User
    from engagements.models import Engagement


@transaction.atomic
def receive_traffic_log(
    engagement: Engagement, *, kind: str, filename: str, content_file: IO[bytes], actor: User
) -> TrafficLog:
    """The bytes stay, sealed, until the log is withdrawn. Raises DomainError for a file that is kept already."""
    may_upload(engagement, actor=actor)
    sealed, byte_count, sha256 = keep_pieces(content_file)
    engagement = lock_for_upload(engagement, actor=actor)
    if kind not in TrafficLog.Kind.values:
        raise DomainError("Choose what kind of log this is. Nothing was kept.")
    logs = TrafficLog.objects.filter(engagement=engagement)
    if same := logs.kept().filter(sha256=sha256).first():
        raise DomainError(f"This file was taken already: it is {same}. Counted twice it would look like duplicates.")
    log = TrafficLog.objects.create(
        engagement=engagement,
        number=next_number(logs),
        kind=kind,
        filename=plain_name(filename),
        sha256=sha256,
        byte_count=byte_count,
        sealed=sealed,
        uploaded_by=actor,
        uploaded_at=timezone.now(),
    )
    record("traffic.received", subject=log, actor=actor, filename=log.filename, kind=kind, sha256=sha256)
    return log


def check_withdrawal(log: TrafficLog, *, actor: User) -> None:
    """Raises Conflict for a log that was withdrawn, and where the actor may not."""
    require(actor, Permission.UPLOAD, log.engagement.organization)
    if log.withdrawn_at:
        raise Conflict(f"{log} was withdrawn already.")


@transaction.atomic
def withdraw_traffic_log(log: TrafficLog, *, actor: User) -> TrafficLog:
    """Its bytes go; what runs found in it stays. Also after the end: nobody has to keep mail logs for ever."""
    engagement = lock_engagement(log.engagement_id)
    log = TrafficLog.objects.select_for_update(of=("self",)).select_related("engagement__organization").get(pk=log.pk)
    check_withdrawal(log, actor=actor)
    sealed = log.sealed
    log.sealed, log.withdrawn_at, log.withdrawn_by = None, timezone.now(), actor
    log.save(update_fields=["sealed", "withdrawn_at", "withdrawn_by"])
    let_go(sealed)
    if not TrafficLog.objects.filter(engagement=engagement, kind=TrafficLog.Kind.JOURNAL).kept().exists():
        note_need(engagement, is_needed=False)
    record("traffic.withdrawn", subject=log, actor=actor, filename=log.filename)
    return log
