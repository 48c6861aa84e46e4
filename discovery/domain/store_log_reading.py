"""Keeps what a mail log said. The slow half, which writes nothing, is `read_log`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.audit import record
from discovery.domain.find_contradictions import find_contradictions
from discovery.domain.find_measured import find_measured
from discovery.domain.keep_pieces import let_go
from discovery.domain.make_translation import queue_translation
from discovery.domain.store_upload import Refusal
from discovery.models import LogDay, LogHour, LogReading
from discovery.storable import storable
from engagements.domain.lock_engagement import lock_engagement
from engagements.domain.mark_stale import mark_stale

if TYPE_CHECKING:
    from accounts.models import User
    from discovery.maillog.days import DayRow, HourRow
    from discovery.maillog.figures import Figures
    from engagements.models import Engagement


@dataclass(frozen=True, slots=True)
class LogSays:
    figures: Figures
    days: tuple[DayRow, ...]
    hours: tuple[HourRow, ...]


@transaction.atomic
def store_log_reading(log: LogReading, said: LogSays | Refusal) -> LogReading:
    """Keep the figures and let go of the bytes that were sent. Twice does nothing.

    It is done in the name of whoever uploaded it.
    """
    engagement = lock_engagement(log.engagement_id)
    log = LogReading.objects.select_for_update(of=("self",)).select_related("uploaded_by", "unread").get(pk=log.pk)
    if not log.is_under_way:
        return log
    unread, log.unread = log.unread, None
    if isinstance(said, Refusal):
        _refuse(log, said, log.uploaded_by)
    else:
        _store(log, said, log.uploaded_by)
        find_measured(engagement, actor=log.uploaded_by)
        find_contradictions(engagement, actor=log.uploaded_by)
        _translate_again(engagement, log.uploaded_by)
        mark_stale(engagement, actor=log.uploaded_by)
    let_go(unread)
    return log


def _translate_again(engagement: Engagement, actor: User) -> None:
    """What was measured tells which share of the mail passes each construct of the map."""
    if engagement.translations.exists():
        queue_translation(engagement, actor=actor)


def _refuse(log: LogReading, refusal: Refusal, actor: User) -> None:
    log.state, log.refusal = LogReading.State.REFUSED, refusal.sentence
    log.save(update_fields=["state", "refusal", "unread"])
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
