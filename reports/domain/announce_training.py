"""Mail about training sessions with their calendar entry: to the trainer, and to whoever answers for phase 5."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.calendar import uid_of
from accounts.models import Duty
from accounts.permissions import people_with_duty
from core import outbox
from core.calendar_entry import MEDIA_TYPE, Entry, Party, calendar_file
from core.wording import moment_text
from engagements.schedule import MONITORING

if TYPE_CHECKING:
    from accounts.models import User
    from reports.models import TrainingSession

FILENAME = "training.ics"


def announce_training(session: TrainingSession) -> None:
    _tell("training_planned", session)


def announce_no_training(session: TrainingSession, reason: str) -> None:
    """The entry is withdrawn from the calendars that took it."""
    _tell("training_cancelled", session, reason)


def _tell(template: str, session: TrainingSession, reason: str = "") -> None:
    engagement = session.engagement
    people = people_with_duty(engagement.organization, Duty.Kind.SIGN_PHASE, MONITORING)
    people = list(dict.fromkeys([session.trainer, *people]))
    file = outbox.Attachment(FILENAME, calendar_file(_entry(session, people, is_cancelled=bool(reason))), MEDIA_TYPE)
    for person in people:
        context = {
            "person": person,
            "session": session,
            "engagement": engagement,
            "starts": moment_text(session.starts_at, ZoneInfo(person.time_zone)),
            "reason": reason,
            "url": _url(session),
            "why": f"You give the training of {engagement.code}, or answer for its phase 5.",
        }
        subject, text, html = outbox.render_mail(template, context)
        outbox.post(template, to=person, subject=subject, text=text, html=html, reference=session, attachments=[file])


def _url(session: TrainingSession) -> str:
    path = reverse("training:session", args=[session.engagement.code, session.number])
    return f"{settings.PORTAL_URL}{path}"


def _entry(session: TrainingSession, people: list[User], *, is_cancelled: bool) -> Entry:
    """The `uid` is the one of the calendar that people follow. Another day is another session: it never moves."""
    practice = settings.CONSULTANCY
    return Entry(
        uid=uid_of("training", f"{session.engagement.code}-{session.number}"),
        sequence=int(is_cancelled),
        written_at=timezone.now(),
        starts_at=session.starts_at,
        ends_at=session.starts_at + timedelta(minutes=session.minutes),
        title=f"Training: {session.title}, {session.engagement}",
        text=_url(session),
        organizer=Party(practice["name"], practice["support_email"]),
        attendees=tuple(Party(person.full_name, person.email) for person in people),
        is_cancelled=is_cancelled,
    )
