"""A mailbox or a log with what came back: taken in, read by a job, stored with every event once."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, cast

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.jobs import enqueue
from core.numbering import next_number
from core.uploads import MEGABYTE
from delivery.domain.take_feedback import store_feedback
from delivery.feedback.files import FileReading, read_file
from delivery.feedback.limits import Unreadable
from delivery.models import FeedbackFile
from discovery.domain.keep_pieces import keep_pieces, let_go
from discovery.domain.receive_upload import lock_for_upload, may_upload, plain_name
from discovery.domain.store_upload import Refusal
from discovery.maillog.files import BROKEN, opened
from discovery.storable import storable
from discovery.waiting_log import WaitingLog
from engagements.domain.lock_engagement import lock_engagement

if TYPE_CHECKING:
    from accounts.models import User
    from core.jobs import Tell
    from engagements.models import Engagement


@transaction.atomic
def receive_feedback(engagement: Engagement, *, filename: str, content_file: IO[bytes], actor: User) -> FeedbackFile:
    """Take a file in. When this returns its bytes are stored, encrypted, until the job has read them.

    Raises DomainError for a file that is empty or too large.
    """
    may_upload(engagement, actor=actor)
    unread, byte_count, sha256 = keep_pieces(content_file)
    engagement = lock_for_upload(engagement, actor=actor)
    files = FeedbackFile.objects.filter(engagement=engagement)
    file = FeedbackFile.objects.create(
        engagement=engagement,
        number=next_number(files),
        filename=plain_name(filename),
        sha256=sha256,
        byte_count=byte_count,
        unread=unread,
        uploaded_by=actor,
        uploaded_at=timezone.now(),
    )
    file.job = enqueue("read_feedback", subject=file, actor=actor, key=f"feedback-{file.pk}")
    file.save(update_fields=["job"])
    record("feedback.received", subject=file, actor=actor, filename=file.filename, byte_count=byte_count, sha256=sha256)
    return file


def read_feedback(file: FeedbackFile, *, tell: Tell) -> FileReading | Refusal:
    """The slow half. Writes nothing but progress through `tell`."""
    total = file.byte_count // MEGABYTE + 1
    sentence = f"Reading {file.filename}, {total:,} MB as it was sent"
    waiting = WaitingLog(file.unread, told=lambda sent: tell(sent // MEGABYTE, total, sentence))
    try:
        return read_file(opened(cast("IO[bytes]", waiting)), limit=settings.LOG_UNPACKED_LIMIT_BYTES)
    except Unreadable as refused:
        return Refusal(str(refused))
    except BROKEN:
        return Refusal("The file is damaged and nothing of it can be unpacked.")


@transaction.atomic
def store_reading(file: FeedbackFile, reading: FileReading | Refusal) -> FeedbackFile:
    """Keep what was read and let go of the bytes. Twice does nothing."""
    engagement = lock_engagement(file.engagement_id)
    file = FeedbackFile.objects.select_for_update(of=("self",)).select_related("uploaded_by", "unread").get(pk=file.pk)
    if not file.is_under_way:
        return file
    file.engagement = engagement
    unread, file.unread = file.unread, None
    if isinstance(reading, Refusal):
        file.state, file.refusal = FeedbackFile.State.REFUSED, reading.sentence
        file.save()
        record("feedback.refused", subject=file, actor=file.uploaded_by, refusal=reading.sentence)
    else:
        _store(file, reading)
    let_go(unread)
    return file


def _store(file: FeedbackFile, reading: FileReading) -> None:
    taken = store_feedback(file.engagement, reading.items.values(), actor=file.uploaded_by, file=file)
    file.state, file.read_at, file.form = FeedbackFile.State.READ, timezone.now(), FeedbackFile.Form(reading.form)
    file.new_count, file.known_count = taken.new, taken.known + reading.repeated
    file.passed_count, file.strange_count = reading.passed.total(), reading.strange_count
    file.strange = storable([[one.place, one.said] for one in reading.strange])
    file.save()
    record("feedback.read", subject=file, actor=file.uploaded_by, new=file.new_count, known=file.known_count,
           passed=file.passed_count, strange=file.strange_count)  # fmt: skip
