"""Where the training stands: the sessions, the minutes of the quote, and who came and passed an exercise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from accounts.models import Duty, User
from accounts.permissions import people_with_duty
from core.components import Status, StatusKind
from core.wording import moment_text
from engagements.schedule import MONITORING
from pricing.balance import duration_text, training_minutes_of
from reports.models import TrainingExercise, TrainingSession

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from accounts.models import Organization
    from engagements.models import Engagement
    from engagements.models.visible import EngagementPartQuerySet


@dataclass(frozen=True, slots=True)
class TrainingBalance:
    """Minutes. `included` is None where the quote names no hours of training: then nothing can be left."""

    included: int | None
    planned: int
    held: int

    @property
    def left(self) -> int | None:
        """What is neither held nor planned; below zero where more is planned than the quote includes."""
        return None if self.included is None else self.included - self.held - self.planned

    @property
    def rows(self) -> list[tuple[str, str]]:
        return [
            ("In the quote", "No hours named" if self.included is None else duration_text(self.included)),
            ("Planned", duration_text(self.planned)),
            ("Held", duration_text(self.held)),
            *([] if self.left is None else [("Left", _left_text(self.left))]),
        ]


def _left_text(left: int) -> str:
    return duration_text(left) if left >= 0 else f"None: {duration_text(-left)} more than the quote includes"


@dataclass(frozen=True, slots=True)
class Trainee:
    """Somebody of the customer who has a duty for phase 5, or came to a session that was held."""

    person: User
    has_duty: bool
    came_to: Sequence[TrainingSession]
    tries: Sequence[TrainingExercise]

    @property
    def has_passed(self) -> bool:
        return any(one.result == TrainingExercise.Result.PASSED for one in self.tries)

    @property
    def reasons(self) -> list[str]:
        """What gate 5 still asks of them."""
        if not self.has_duty:
            return []
        found = [] if self.came_to else [f"{self.person} has not come to a training session that was held."]
        if self.has_passed:
            return found
        return [
            *found,
            f"{self.person} has {'to do an exercise again' if self.tries else 'not passed an exercise yet'}.",
        ]

    @property
    def status(self) -> Status:
        if self.came_to and self.has_passed:
            return Status(StatusKind.COMPLETED, "Trained")
        if self.came_to:
            return Status(
                StatusKind.IN_PROGRESS, "Exercise to be done again" if self.tries else "Came, no exercise yet"
            )
        return Status(StatusKind.NOT_STARTED)


def sessions_of(engagement: Engagement) -> EngagementPartQuerySet[TrainingSession]:
    """With all that stands by them; the newest day first."""
    rows = TrainingSession.objects.filter(engagement=engagement).order_by("-starts_at", "-pk")
    rows = rows.select_related("engagement__organization", "trainer", "planned_by", "found_ending__noted_by")
    return rows.prefetch_related(
        "attendances__person",
        "attendances__noted_by",
        "exercises__person",
        "exercises__noted_by",
        "materials__revision",
    )


def balance_of(engagement: Engagement, sessions: Sequence[TrainingSession]) -> TrainingBalance:
    return TrainingBalance(
        included=training_minutes_of(engagement),
        planned=sum(session.minutes for session in sessions if session.ending is None),
        held=sum(session.ending.minutes or 0 for session in sessions if session.ending),
    )


def trainees_of(engagement: Engagement, sessions: Sequence[TrainingSession]) -> list[Trainee]:
    """Those with the duty first, each group by name."""
    bound = people_with_duty(engagement.organization, Duty.Kind.SIGN_PHASE, MONITORING)
    held = [session for session in sessions if session.is_held]
    came = {one.person: None for session in held for one in session.attendances.all()}
    others = sorted((person for person in came if person not in bound), key=str)
    return [_trainee(person, held, has_duty=person in bound) for person in (*bound, *others)]


def _trainee(person: User, held: Sequence[TrainingSession], *, has_duty: bool) -> Trainee:
    return Trainee(
        person=person,
        has_duty=has_duty,
        came_to=[one for one in held if any(each.person_id == person.pk for each in one.attendances.all())],
        tries=[each for one in held for each in one.exercises.all() if each.person_id == person.pk],
    )


def reasons_against(engagement: Engagement) -> list[str]:
    """What stands against the training at gate 5, in sentences; empty when it holds."""
    trainees = [one for one in trainees_of(engagement, list(sessions_of(engagement))) if one.has_duty]
    if not trainees:
        return [
            f"Nobody of {engagement.organization} has the duty to sign phase {MONITORING} yet: name who is trained."
        ]
    return [reason for trainee in trainees for reason in trainee.reasons]


def people_of(organization: Organization) -> QuerySet[User]:
    """Everybody of the customer who can be trained, by name."""
    return User.objects.working().filter(memberships__organization=organization).order_by("full_name", "pk")


def when_text(session: TrainingSession) -> str:
    """When it begins, on the clock of the customer."""
    return moment_text(session.starts_at, ZoneInfo(session.engagement.organization.time_zone))


def status_of_session(session: TrainingSession) -> Status:
    if session.is_held:
        return Status(StatusKind.COMPLETED, "Held")
    return (
        Status(StatusKind.BLOCKED, "Cancelled") if session.is_cancelled else Status(StatusKind.NOT_STARTED, "Planned")
    )
