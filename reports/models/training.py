"""Training of the customer's people: sessions, what became of each, who came, and the exercises people did."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.triggers import append_only
from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet, M
from reports.models.runbook import RunbookRevision


class TrainingSession(models.Model):
    """What was planned. Another day is another session: this one is cancelled with the reason."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    trainer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    material = models.TextField(blank=True)
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = EngagementPartQuerySet["TrainingSession"].as_manager()

    class Meta:
        ordering = ["engagement", "number"]
        triggers = append_only("training_session_append_only")
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="training_session_once"),
            models.CheckConstraint(condition=Q(title__gt="", minutes__gt=0), name="training_session_says_something"),
        ]

    def __str__(self) -> str:
        return f"training session {self.number}, {self.title}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def ending(self) -> TrainingEnding | None:
        """What became of it; None while it is planned. A query where it was not fetched with the session."""
        return getattr(self, "found_ending", None)

    @property
    def is_held(self) -> bool:
        return self.ending is not None and self.ending.is_held

    @property
    def is_cancelled(self) -> bool:
        return self.ending is not None and not self.ending.is_held


class TrainingPartQuerySet(EngagementPartQuerySet[M]):
    path_to_engagement = "session__engagement"


class TrainingMaterial(models.Model):
    """A revision of a runbook that a session goes through."""

    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="materials")
    revision = models.ForeignKey(RunbookRevision, on_delete=models.PROTECT, related_name="+")

    objects = TrainingPartQuerySet["TrainingMaterial"].as_manager()

    class Meta:
        ordering = ["session", "pk"]
        triggers = append_only("training_material_append_only")
        constraints = [models.UniqueConstraint(fields=["session", "revision"], name="training_material_once")]

    def __str__(self) -> str:
        return str(self.revision)

    @property
    def audit_chain(self) -> str:
        return self.session.audit_chain


class TrainingEnding(models.Model):
    """What became of a session: held, with the minutes it took, or cancelled, with the reason."""

    session = models.OneToOneField(TrainingSession, on_delete=models.PROTECT, related_name="found_ending")
    minutes = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField(blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = TrainingPartQuerySet["TrainingEnding"].as_manager()

    class Meta:
        ordering = ["session"]
        triggers = append_only("training_ending_append_only")
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gt=0, reason="") | Q(minutes__isnull=True, reason__gt=""),
                name="training_ending_is_held_or_cancelled",
            )
        ]

    def __str__(self) -> str:
        return f"{'Held' if self.is_held else 'Cancelled'}: {self.session}"

    @property
    def audit_chain(self) -> str:
        return self.session.audit_chain

    @property
    def is_held(self) -> bool:
        return self.minutes is not None


class TrainingAttendance(models.Model):
    """Somebody of the customer came to a session: they said so themselves, or the trainer did."""

    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = TrainingPartQuerySet["TrainingAttendance"].as_manager()

    class Meta:
        ordering = ["session", "pk"]
        triggers = append_only("training_attendance_append_only")
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="training_attendance_once_a_person")]

    def __str__(self) -> str:
        return f"{self.person} at {self.session}"

    @property
    def audit_chain(self) -> str:
        return self.session.audit_chain

    @property
    def is_own_word(self) -> bool:
        return self.noted_by_id == self.person_id


class TrainingExercise(models.Model):
    """What somebody who came to a session was given to do, and how it went. Each try is a row."""

    class Result(models.TextChoices):
        PASSED = "passed", "Passed"
        AGAIN = "again", "To be done again"

    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="exercises")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    task = models.TextField()
    result = models.CharField(max_length=6, choices=Result)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = TrainingPartQuerySet["TrainingExercise"].as_manager()

    class Meta:
        ordering = ["session", "pk"]
        triggers = append_only("training_exercise_append_only")
        constraints = [models.CheckConstraint(condition=Q(task__gt=""), name="training_exercise_says_something")]

    def __str__(self) -> str:
        return f"Exercise of {self.person} in {self.session}"

    @property
    def audit_chain(self) -> str:
        return self.session.audit_chain
