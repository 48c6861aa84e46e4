"""Planned cutovers and the windows in which one can go back, as a calendar follows them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from accounts.calendar import register_dates, uid_of
from core.calendar_entry import Followed
from delivery.models import Cutover
from discovery.search import evidence_read_by
from engagements.calendar import page_url
from engagements.models import Engagement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from accounts.models import User

_OF_A_CUTOVER = timedelta(hours=1)  # as long as it stands in a calendar; how long it takes nobody knows


def cutover_dates(reader: User) -> Iterator[Followed]:
    running = evidence_read_by(reader, Cutover.objects.all()).filter(engagement__in=Engagement.objects.running())
    for cutover in running.filter(fallen_back_at=None).order_by("pk"):
        yield _window(cutover) if cutover.done_at else _planned(cutover)


def _planned(cutover: Cutover) -> Followed:
    title = f"Cutover planned: {cutover.engagement}"
    return _entry(cutover, title, cutover.planned_for, cutover.planned_for + _OF_A_CUTOVER)


def _window(cutover: Cutover) -> Followed:
    """From the cutover on, until both sides close it or it ends by itself. It is the same entry, moved."""
    begins = cutover.done_at or cutover.planned_for
    ends = min(filter(None, (cutover.closed_at, cutover.window_ends)), default=begins)
    return _entry(cutover, f"Going back is possible: {cutover.engagement}", begins, ends)


def _entry(cutover: Cutover, title: str, begins: datetime, ends: datetime) -> Followed:
    return Followed(
        uid=uid_of("cutover", f"{cutover.engagement.code}-{cutover.number}"),
        written_at=cutover.done_at or cutover.engagement.created_at,
        title=title,
        url=page_url("parallel:cutover", cutover.engagement.code, cutover.number),
        starts_at=begins,
        ends_at=ends,
        text=str(cutover.engagement.organization),
    )


register_dates(cutover_dates)
