"""Training sessions and reviews of runbooks, as a calendar follows them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from accounts.calendar import register_dates, uid_of
from core.calendar_entry import Followed
from discovery.search import evidence_read_by
from engagements.calendar import page_url
from engagements.models import Engagement
from reports.models import RunbookRevision, TrainingSession

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User


def training_dates(reader: User) -> Iterator[Followed]:
    """Also those that were cancelled, as such: a program that only misses an entry may keep it."""
    seen = evidence_read_by(reader, TrainingSession.objects.all()).filter(engagement__in=Engagement.objects.running())
    for session in seen.select_related("found_ending").order_by("pk"):
        engagement, ending = session.engagement, session.ending
        yield Followed(
            uid=uid_of("training", f"{engagement.code}-{session.number}"),
            written_at=ending.noted_at if ending else session.planned_at,
            title=f"Training: {session.title}, {engagement}",
            url=page_url("training:session", engagement.code, session.number),
            starts_at=session.starts_at,
            ends_at=session.starts_at + timedelta(minutes=session.minutes),
            text=str(engagement.organization),
            is_cancelled=session.is_cancelled,
        )


def review_dates(reader: User) -> Iterator[Followed]:
    """Of the newest revision of each runbook."""
    every = RunbookRevision.objects.all()
    newest = every.order_by("engagement_id", "key", "-number").distinct("engagement_id", "key")
    seen = evidence_read_by(reader, every).filter(pk__in=newest.values("pk"))
    for revision in seen.filter(engagement__in=Engagement.objects.running()).defer("content").order_by("pk"):
        engagement = revision.engagement
        yield Followed(
            uid=uid_of("review", f"{engagement.code}-{revision.key}"),
            written_at=revision.drawn_up_at,
            title=f"Runbook to be reviewed: {revision.title}, {engagement}",
            url=page_url("runbooks:runbook", engagement.code, revision.key),
            day=revision.review_on,
            text=str(engagement.organization),
        )


register_dates(training_dates)
register_dates(review_dates)
