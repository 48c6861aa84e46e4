"""Runbooks of an engagement: revisions with who approved and read them, drills, and the facts people gave for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.triggers import append_only
from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet, M

if TYPE_CHECKING:
    from datetime import date
    from typing import Self


class RunbookFact(models.Model):
    """What somebody said that no file says; the latest of a key counts."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=40)
    value = models.TextField()
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = EngagementPartQuerySet["RunbookFact"].as_manager()

    class Meta:
        ordering = ["engagement", "key", "-pk"]
        triggers = append_only("runbook_fact_append_only")
        constraints = [models.CheckConstraint(condition=Q(value__gt=""), name="runbook_fact_says_something")]

    def __str__(self) -> str:
        return self.key

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"


class RunbookRevision(models.Model):
    """A runbook as it was filled once. `digest` is of its content; other facts make another revision."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=100)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    review_on = models.DateField()
    drawn_up_at = models.DateTimeField()
    drawn_up_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = EngagementPartQuerySet["RunbookRevision"].as_manager()

    class Meta:
        ordering = ["engagement", "key", "-number"]
        triggers = append_only("runbook_revision_append_only")
        constraints = [models.UniqueConstraint(fields=["engagement", "key", "number"], name="runbook_revision_once")]

    def __str__(self) -> str:
        return f"{self.title}, revision {self.number}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    def is_overdue(self, day: date) -> bool:
        """Whether the day by which it was to be looked at again is over."""
        return self.review_on < day


class RunbookPartQuerySet(EngagementPartQuerySet[M]):
    path_to_engagement = "revision__engagement"


class RunbookApproval(models.Model):
    """One side's yes to one revision."""

    class Party(models.TextChoices):
        CONSULTANCY = "consultancy", "The consultancy"
        CUSTOMER = "customer", "The customer"

    revision = models.ForeignKey(RunbookRevision, on_delete=models.PROTECT, related_name="approvals")
    party = models.CharField(max_length=12, choices=Party)
    approved_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = RunbookPartQuerySet["RunbookApproval"].as_manager()

    class Meta:
        ordering = ["revision", "pk"]
        triggers = append_only("runbook_approval_append_only")
        constraints = [models.UniqueConstraint(fields=["revision", "party"], name="runbook_approval_once_a_side")]

    def __str__(self) -> str:
        return f"{self.get_party_display()} on {self.revision}"

    @property
    def audit_chain(self) -> str:
        return self.revision.audit_chain


class RunbookReading(models.Model):
    """Somebody says of one revision that they read it."""

    revision = models.ForeignKey(RunbookRevision, on_delete=models.PROTECT, related_name="readings")
    party = models.CharField(max_length=12, choices=RunbookApproval.Party)
    read_at = models.DateTimeField()
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = RunbookPartQuerySet["RunbookReading"].as_manager()

    class Meta:
        ordering = ["revision", "pk"]
        triggers = append_only("runbook_reading_append_only")
        constraints = [models.UniqueConstraint(fields=["revision", "read_by"], name="runbook_reading_once_a_person")]

    def __str__(self) -> str:
        return f"{self.read_by} on {self.revision}"

    @property
    def audit_chain(self) -> str:
        return self.revision.audit_chain


class RunbookDrill(models.Model):
    """A revision that was tried out: on which day, for how long, by whom, and what came of it."""

    revision = models.ForeignKey(RunbookRevision, on_delete=models.PROTECT, related_name="drills")
    held_on = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    participants = models.TextField()
    outcome = models.TextField()
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = RunbookPartQuerySet["RunbookDrill"].as_manager()

    class Meta:
        ordering = ["revision", "-held_on", "-pk"]
        triggers = append_only("runbook_drill_append_only")
        constraints = [
            models.CheckConstraint(
                condition=Q(participants__gt="", outcome__gt="", minutes__gt=0), name="runbook_drill_says_something"
            )
        ]

    def __str__(self) -> str:
        return f"Drill of {self.revision}"

    @property
    def audit_chain(self) -> str:
        return self.revision.audit_chain


class RunbookPaperQuerySet(RunbookPartQuerySet["RunbookPaper"]):
    def up_to_date(self, revision: RunbookRevision) -> Self:
        """That which says who has approved the revision by now: one at most."""
        return self.filter(revision=revision, approval_count=revision.approvals.count())


class RunbookPaper(models.Model):
    """The PDF of a revision, drawn by a worker, and anew after each approval. An earlier one stays what it was."""

    revision = models.ForeignKey(RunbookRevision, on_delete=models.PROTECT, related_name="papers")
    pdf = models.BinaryField()
    page_count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    drawn_at = models.DateTimeField()
    approval_count = models.PositiveSmallIntegerField(null=True)  # that it prints; None of before they were counted

    objects = RunbookPaperQuerySet.as_manager()

    class Meta:
        ordering = ["revision", "-pk"]
        triggers = append_only("runbook_paper_append_only")
        constraints = [
            models.UniqueConstraint(fields=["revision", "approval_count"], name="runbook_paper_once_an_approval")
        ]

    def __str__(self) -> str:
        return f"PDF of {self.revision}"

    @property
    def audit_chain(self) -> str:
        return self.revision.audit_chain
