"""What reviewers leave beside a finding: how to take an act back, and words that are not saved yet."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F

from discovery.models.finding import Finding, TranslationClass
from engagements.models.visible import EngagementPartQuerySet


class ReviewStepQuerySet(EngagementPartQuerySet["ReviewStep"]):
    path_to_engagement = "finding__engagement"


class ReviewStep(models.Model):
    """What a finding was before an act over one or several. The row goes when the act is taken back."""

    class Act(models.TextChoices):
        ACCEPT = "accept", "accepted"
        DISMISS = "dismiss", "dismissed"
        MERGE = "merge", "merged"
        CLASSIFY = "classify", "classified"
        ASSIGN = "assign", "assigned"

    batch = models.UUIDField()
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="review_steps")
    act = models.CharField(max_length=8, choices=Act)
    before = models.JSONField(encoder=DjangoJSONEncoder)  # what the act changed, by column, as it found it
    version = models.PositiveIntegerField()  # of the finding after the act
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()

    objects = ReviewStepQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["batch", "finding"], name="review_step_once")]
        indexes = [models.Index(fields=["done_by", "-done_at"], name="review_step_last")]

    def __str__(self) -> str:
        return f"{self.finding.reference} {self.get_act_display()}"

    @property
    def audit_chain(self) -> str:
        return self.finding.audit_chain


class FindingDraftQuerySet(EngagementPartQuerySet["FindingDraft"]):
    path_to_engagement = "finding__engagement"

    def of(self, finding: Finding, author: object) -> Self:
        return self.filter(finding=finding, author=author)

    def unsaved(self) -> Self:
        """Without what the finding says already, as when typing was kept in the moment in which it was saved."""
        return self.exclude(
            translation_class=F("finding__translation_class"),
            impact=F("finding__impact"),
            proposal=F("finding__proposal"),
        )


class FindingDraft(models.Model):
    """What one person has typed about a finding and not saved. `version` is the one they were looking at."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    translation_class = models.CharField(max_length=1, choices=TranslationClass, blank=True)
    impact = models.TextField(blank=True)
    proposal = models.TextField(blank=True)
    saved_at = models.DateTimeField()

    objects = FindingDraftQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["finding", "author"], name="finding_draft_once_a_person")]

    def __str__(self) -> str:
        return f"Draft of {self.author} on {self.finding.reference}"

    @property
    def audit_chain(self) -> str:
        return self.finding.audit_chain
