from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.constraints import together


class JobQuerySet(models.QuerySet["Job"]):
    def unfinished(self) -> JobQuerySet:
        return self.filter(state__in=(Job.State.QUEUED, Job.State.RUNNING))

    def of(self, subject: models.Model) -> JobQuerySet:
        """The jobs about one row, latest first."""
        return self.filter(subject_type=subject._meta.label, subject_id=str(subject.pk)).order_by("-pk")

    def due(self) -> JobQuerySet:
        """What a worker may take: queued and no longer backing off, or running under a lease that ran out."""
        return self.filter(
            Q(state=Job.State.QUEUED, available_at__lte=Now()) | Q(state=Job.State.RUNNING, lease_expires_at__lt=Now())
        )


class Job(models.Model):
    """One piece of slow work. This row is the truth; the broker's message only says "look now".

    A worker holds a running job by its lease. Every write of a worker names the token of its lease, so that one that
    was slow, frozen or cut off can no longer change anything once another has taken over.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Under way"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120, blank=True)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="jobs"
    )
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    progress_done = models.PositiveBigIntegerField(default=0)
    progress_total = models.PositiveBigIntegerField(null=True, blank=True)
    progress_sentence = models.CharField(max_length=200, blank=True)
    result = models.JSONField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=3)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    available_at = models.DateTimeField(db_default=Now())
    announced_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error_sentence = models.TextField(blank=True)
    error_reference = models.CharField(max_length=12, blank=True)

    objects: ClassVar[JobQuerySet] = JobQuerySet.as_manager()  # type: ignore[assignment]  # django-stubs names it Manager

    class Meta:
        ordering = ["-pk"]
        constraints = [
            together("lease_token", "lease_expires_at", name="job_lease_whole"),
            models.CheckConstraint(
                condition=Q(state="running", lease_token__isnull=False)
                | Q(~Q(state="running"), lease_token__isnull=True),
                name="job_running_means_leased",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("done", "failed"), finished_at__isnull=False)
                | Q(state__in=("queued", "running"), finished_at__isnull=True),
                name="job_finished_means_when",
            ),
            models.CheckConstraint(condition=~Q(state="done", result__isnull=True), name="job_done_has_result"),
            models.CheckConstraint(condition=~Q(state="failed", error_sentence=""), name="job_failed_says_why"),
            models.CheckConstraint(condition=Q(attempts__lte=F("max_attempts")), name="job_attempts_are_bounded"),
            models.CheckConstraint(
                condition=Q(progress_total__isnull=True) | Q(progress_done__lte=F("progress_total")),
                name="job_progress_within_total",
            ),
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=Q(state__in=("queued", "running")) & ~Q(key=""),
                name="job_one_unfinished_per_key",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "id"], condition=Q(state__in=("queued", "running")), name="job_unfinished"),
            models.Index(fields=["subject_type", "subject_id"], name="job_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_finished(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)

    @property
    def percent(self) -> int | None:
        """How far it is, 0 to 100; None while nobody knows how much there is."""
        return self.progress_done * 100 // self.progress_total if self.progress_total else None
