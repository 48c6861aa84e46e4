"""The two halves of reading a mail log: the slow one that writes nothing, and the one that stores what was measured."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.audit import record
from discovery.domain.find_contradictions import find_contradictions
from discovery.domain.find_measured import find_measured
from discovery.domain.store_upload import Refusal
from discovery.maillog import Figures, figures_of, put_together
from discovery.maillog.days import DayRow, HourRow, day_rows, hour_rows
from discovery.maillog.files import LogTooLarge, blocks_of, opened
from discovery.maillog.reading import read_part
from discovery.models import LogDay, LogHour, LogReading, UnreadLog
from discovery.sealing import unseal
from discovery.storable import storable
from engagements.domain.lock_engagement import lock_engagement
from engagements.domain.mark_stale import mark_stale

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User
    from discovery.domain.store_upload import Tell

LARGEST_UNPACKED = 4 * 1024**3  # bytes; a packed file that holds more is read as far as this


@dataclass(frozen=True, slots=True)
class LogSays:
    figures: Figures
    days: tuple[DayRow, ...]
    hours: tuple[HourRow, ...]


def read_log(log: LogReading, *, tell: Tell) -> LogSays | Refusal:
    """Unpack and measure. Writes nothing but progress through `tell`."""
    content = unseal(bytes(UnreadLog.objects.get(reading=log).sealed))
    tell(0, 1, f"Reading {log.filename}")
    key = hashlib.sha256(settings.FINGERPRINT_KEY.encode()).digest()
    part = read_part(log.filename, _bounded_blocks(content), key)
    whole = put_together([[part]], key=key, zone=ZoneInfo(log.zone))
    figures = figures_of(whole)
    if not figures.understood:
        sentence = f"There is no line about a message of Postfix among the {figures.lines:,} lines of {log.filename}."
        return Refusal(" ".join([sentence, *figures.troubles]))
    tell(1, 1, f"{figures.lines:,} lines read")
    return LogSays(figures, tuple(day_rows(whole)), tuple(hour_rows(whole)))


def _bounded_blocks(content: bytes) -> Iterator[bytes]:
    """Raises LogTooLarge, which the reader takes for a file that breaks off, where too much comes out of it."""
    left = LARGEST_UNPACKED
    for block in blocks_of(opened(BytesIO(content))):
        left -= len(block)
        if left < 0:
            raise LogTooLarge(f"more than {LARGEST_UNPACKED // 1024**3} GB unpacked")
        yield block


@transaction.atomic
def store_log_reading(log: LogReading, said: LogSays | Refusal) -> LogReading:
    """Keep the figures and let go of the bytes that were sent. Twice does nothing.

    It is done in the name of whoever uploaded it.
    """
    engagement = lock_engagement(log.engagement_id)
    log = LogReading.objects.select_for_update(of=("self",)).select_related("uploaded_by").get(pk=log.pk)
    if not log.is_under_way:
        return log
    UnreadLog.objects.filter(reading=log).delete()
    if isinstance(said, Refusal):
        _refuse(log, said, log.uploaded_by)
    else:
        _store(log, said, log.uploaded_by)
        find_measured(engagement, actor=log.uploaded_by)
        find_contradictions(engagement, actor=log.uploaded_by)
        mark_stale(engagement, actor=log.uploaded_by)
    return log


def _refuse(log: LogReading, refusal: Refusal, actor: User) -> None:
    log.state, log.refusal = LogReading.State.REFUSED, refusal.sentence
    log.save(update_fields=["state", "refusal"])
    record("log.refused", subject=log, actor=actor, refusal=refusal.sentence)


def _store(log: LogReading, said: LogSays, actor: User) -> None:
    figures = said.figures
    log.state, log.read_at = LogReading.State.READ, timezone.now()
    log.covered_from, log.covered_to = figures.first, figures.last
    log.line_count, log.understood_count, log.strange_count = figures.lines, figures.understood, figures.not_understood
    log.figures = storable(figures.as_json())
    log.save()
    LogDay.objects.bulk_create([LogDay(reading=log, **asdict(row)) for row in said.days], batch_size=1000)
    LogHour.objects.bulk_create([LogHour(reading=log, **asdict(row)) for row in said.hours], batch_size=1000)
    record(
        "log.read",
        subject=log,
        actor=actor,
        understood=figures.understood,
        related=log.related_count,
        first=figures.first,
        last=figures.last,
    )
