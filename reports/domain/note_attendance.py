"""Who came to a training session, and how the exercises of those people went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict, DomainError, Refused
from delivery.domain.person_words import words_of
from reports.domain.plan_training import lock_session, refuse_cancelled, refuse_early
from reports.models import TrainingAttendance, TrainingExercise
from reports.training_state import people_of

if TYPE_CHECKING:
    from accounts.models import User
    from reports.models import TrainingSession


@transaction.atomic
def note_attendance(session: TrainingSession, *, person: User, actor: User) -> TrainingAttendance:
    """By the person themself, or by the trainer, and nobody else.

    Raises Conflict for a session that was cancelled and for who was noted already.
    """
    session = lock_session(session)
    organization = session.engagement.organization
    require(actor, Permission.VIEW_EVIDENCE, organization)
    if actor not in (person, session.trainer):
        raise Refused(f"You may not note who else came: {session.trainer}, the trainer, does, or the person themself.")
    if not people_of(organization).contains(person):
        raise DomainError(f"Choose somebody of {organization}: those are the people who are trained.")
    refuse_cancelled(session)
    refuse_early(session)
    if already := session.attendances.filter(person=person).select_related("noted_by").first():
        raise Conflict(f"{already.noted_by} noted already that {person} came. Nothing was changed.")
    attendance = TrainingAttendance.objects.create(
        session=session, person=person, noted_at=timezone.now(), noted_by=actor
    )
    if attendance.is_own_word:
        record("training.confirmed", subject=session, actor=actor)
    else:
        record("training.attended", subject=session, actor=actor, person=str(person))
    return attendance


@transaction.atomic
def note_exercise(session: TrainingSession, *, person: User, task: str, result: str, actor: User) -> TrainingExercise:
    """Raises DomainError for somebody who did not come to the session."""
    session = lock_session(session)
    require(actor, Permission.WORK_TASK, session.engagement.organization)
    refuse_cancelled(session)
    if not session.attendances.filter(person=person).exists():
        raise DomainError(f"Nobody has noted that {person} came to this session. Note that first.")
    if result not in TrainingExercise.Result.values:
        raise DomainError("Say whether it was passed, or has to be done again.")
    exercise = TrainingExercise.objects.create(
        session=session,
        person=person,
        task=words_of(task, "Say what there was to do."),
        result=result,
        noted_at=timezone.now(),
        noted_by=actor,
    )
    label = exercise.get_result_display().lower()
    record("training.exercised", subject=session, actor=actor, person=str(person), result=label)
    return exercise
