from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F

from core.models import Job
from engagements.models import Gate
from engagements.models.visible import EngagementPartQuerySet, GatePartQuerySet


class PreviewQuerySet(GatePartQuerySet["Preview"]):
    def complete(self) -> Self:
        """Of which every page was drawn."""
        return self.annotate(drawn=Count("pages")).filter(drawn=F("page_count"))


class Preview(models.Model):
    """A draft of a gate's document as it was laid out once, to be looked at. Nobody signs it; it is cleared away."""

    gate = models.ForeignKey(Gate, on_delete=models.CASCADE, related_name="previews")
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="preview")
    pdf = models.BinaryField()
    page_count = models.PositiveIntegerField()
    content_digest = models.CharField(max_length=64)  # of the records it was made from
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = PreviewQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["made_at"], name="preview_made_at")]

    def __str__(self) -> str:
        return f"Preview of {self.gate}"

    @property
    def audit_chain(self) -> str:
        return self.gate.audit_chain


class PreviewPageQuerySet(EngagementPartQuerySet["PreviewPage"]):
    path_to_engagement = "preview__gate__engagement"


class PreviewPage(models.Model):
    """The picture of one page, stored as soon as it is drawn."""

    preview = models.ForeignKey(Preview, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    png = models.BinaryField()

    objects = PreviewPageQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["preview", "number"], name="preview_page_once")]

    def __str__(self) -> str:
        return f"Page {self.number} of {self.preview}"

    @property
    def audit_chain(self) -> str:
        return self.preview.audit_chain
