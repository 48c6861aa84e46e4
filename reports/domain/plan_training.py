"""Training sessions are planned, and later noted as held, or cancelled with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict, DomainError
from core.numbering import next_number
from delivery.domain.person_words import words_of
from discovery.domain.mask_words import mask_words
from discovery.storable import storable
from engagements.domain.announce import team_of
from engagements.domain.lock_engagement import lock_living
from engagements.today import today_of
from pricing.balance import duration_text
from reports.domain.announce_training import announce_no_training, announce_training
from reports.models import TrainingEnding, TrainingMaterial, TrainingSession
from reports.runbook_state import newest_revisions
from reports.training_book import subjects
from reports.training_state import when_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from engagements.models import Engagement
    from reports.models import RunbookRevision

MOST_MINUTES = 24 * 60
MOST_TITLE = 120
FARTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """`day` and `at` are the customer's. `title` is for a subject that the book does not list.

    `runbooks` are the keys of those whose newest revision is gone through; without any, those of the subject.
    """

    day: date
    at: time
    minutes: int
    trainer: User
    subject: str = ""
    title: str = ""
    material: str = ""
    runbooks: Sequence[str] = ()


@transaction.atomic
def plan_training(engagement: Engagement, *, plan: TrainingPlan, actor: User) -> TrainingSession:
    """Raises DomainError with what is odd about the plan."""
    engagement = lock_living(engagement.pk)
    require(actor, Permission.WORK_TASK, engagement.organization)
    revisions = _revisions(engagement, plan)
    session = TrainingSession.objects.create(
        engagement=engagement,
        number=next_number(TrainingSession.objects.filter(engagement=engagement)),
        title=_title(plan),
        starts_at=_moment(engagement, plan),
        minutes=_minutes(plan.minutes),
        trainer=_trainer(engagement, plan.trainer),
        material=words_of(plan.material, "") if plan.material.strip() else "",
        planned_at=timezone.now(),
        planned_by=actor,
    )
    TrainingMaterial.objects.bulk_create([TrainingMaterial(session=session, revision=one) for one in revisions])
    record("training.planned", subject=session, actor=actor, when=when_text(session), trainer=str(session.trainer))
    if session.starts_at > timezone.now():
        announce_training(session)
    return session


@transaction.atomic
def note_training_held(session: TrainingSession, *, minutes: int, actor: User) -> TrainingEnding:
    """Raises Conflict for one that has ended, DomainError for one that has not begun."""
    session = lock_session(session)
    require(actor, Permission.WORK_TASK, session.engagement.organization)
    refuse_cancelled(session)
    if session.ending:
        raise Conflict(f"{session.ending.noted_by} noted already that it was held. Nothing was changed.")
    refuse_early(session)
    ending = TrainingEnding.objects.create(
        session=session, minutes=_minutes(minutes), noted_at=timezone.now(), noted_by=actor
    )
    record("training.held", subject=session, actor=actor, duration=duration_text(minutes))
    return ending


@transaction.atomic
def cancel_training(session: TrainingSession, *, reason: str, actor: User) -> TrainingEnding:
    """Raises Conflict for one that has ended, or that somebody came to."""
    session = lock_session(session)
    require(actor, Permission.WORK_TASK, session.engagement.organization)
    refuse_cancelled(session)
    if session.ending or session.attendances.exists():
        raise Conflict("People came to this session: it is kept as it was held. Nothing was cancelled.")
    ending = TrainingEnding.objects.create(
        session=session, reason=words_of(reason, "Say why it is cancelled."), noted_at=timezone.now(), noted_by=actor
    )
    record("training.cancelled", subject=session, actor=actor, reason=ending.reason)
    if session.starts_at > timezone.now():
        announce_no_training(session, ending.reason)
    return ending


def lock_session(session: TrainingSession) -> TrainingSession:
    """The session as it is now, with its engagement locked until the caller's transaction ends."""
    engagement = lock_living(session.engagement_id)
    found = TrainingSession.objects.select_related("trainer", "found_ending__noted_by").get(pk=session.pk)
    found.engagement = engagement
    return found


def refuse_cancelled(session: TrainingSession) -> None:
    if session.is_cancelled:
        raise Conflict("This session was cancelled. Nothing was recorded.")


def refuse_early(session: TrainingSession) -> None:
    if session.starts_at > timezone.now():
        raise DomainError(f"It begins {when_text(session)}. Note it once it has begun; nothing was recorded.")


def _title(plan: TrainingPlan) -> str:
    if plan.subject and plan.subject not in subjects():
        raise DomainError("Choose the subject from the list, or write a title.")
    words = mask_words(str(storable(" ".join(plan.title.split()))))
    if not words and plan.subject:
        return subjects()[plan.subject].title
    if not words:
        raise DomainError("Choose a subject, or write a title.")
    if len(words) > MOST_TITLE:
        raise DomainError(f"Write a title of at most {MOST_TITLE} letters. Nothing was planned.")
    return words


def _moment(engagement: Engagement, plan: TrainingPlan) -> datetime:
    if abs(plan.day - today_of(engagement)) > FARTHEST:
        raise DomainError("Choose a day within a year of today. Nothing was planned.")
    zone = ZoneInfo(engagement.organization.time_zone)
    typed = datetime.combine(plan.day, plan.at.replace(tzinfo=None))
    moment = typed.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != typed:
        raise DomainError(f"On that day the clocks of {engagement.organization} skip {plan.at:%H:%M}. Choose another.")
    return moment


def _minutes(minutes: int) -> int:
    if not 0 < minutes <= MOST_MINUTES:
        raise DomainError("Enter how many minutes, between 1 and 1,440. Nothing was recorded.")
    return minutes


def _trainer(engagement: Engagement, person: User) -> User:
    team = team_of(engagement)
    if person not in team:
        names = ", ".join(str(one) for one in team) or "nobody yet"
        raise DomainError(f"{person} is not on this engagement, and cannot train for it. On it: {names}.")
    return person


def _revisions(engagement: Engagement, plan: TrainingPlan) -> list[RunbookRevision]:
    newest = newest_revisions(engagement)
    if unknown := [key for key in plan.runbooks if key not in newest]:
        raise DomainError(f"No revision is drawn up of: {', '.join(unknown)}. Nothing was planned.")
    subject = subjects().get(plan.subject)
    keys = plan.runbooks or [key for key in (subject.runbooks if subject else ()) if key in newest]
    return [newest[key] for key in dict.fromkeys(keys)]
