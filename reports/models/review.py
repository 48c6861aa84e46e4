from __future__ import annotations

from django.conf import settings
from django.db import models

from core.triggers import append_only
from engagements.models import Gate
from engagements.models.visible import GatePartQuerySet


class DraftReview(models.Model):
    """The draft of one version was opened for everybody on the engagement to read and to comment on.

    It ends by itself: once the version is frozen, the draft is of the next one.
    """

    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="reviews")
    version = models.PositiveIntegerField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    objects = GatePartQuerySet["DraftReview"].as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["gate", "version"], name="draft_review_once_a_version")]
        triggers = append_only("draft_review_append_only")

    def __str__(self) -> str:
        return f"Review of version {self.version} at {self.gate}"

    @property
    def audit_chain(self) -> str:
        return self.gate.audit_chain
