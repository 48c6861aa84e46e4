from __future__ import annotations

from django.conf import settings
from django.db import models

from core.languages import FIRST, LANGUAGES
from core.triggers import append_only
from engagements.models.engagement import Engagement
from engagements.models.visible import EngagementPartQuerySet


class FrozenDocument(models.Model):
    """Bytes that were shown to somebody for a decision, with the data they were made from. Never changed."""

    class Kind(models.TextChoices):
        PLAN = "plan", "Migration plan"
        PHASE_RECORD = "phase_record", "Phase record"
        QUOTE = "quote", "Quote"
        STAY_ADVICE = "stay_advice", "Advice to stay on Postfix"
        RECEIPT = "receipt", "Receipt of signatures"
        NDA = "nda", "Bilateral NDA"
        CLOSE_REPORT = "close_report", "Close report"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="documents")
    gate = models.ForeignKey(
        "engagements.Gate", null=True, blank=True, on_delete=models.PROTECT, related_name="documents"
    )
    kind = models.CharField(max_length=16, choices=Kind)
    reference = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    pdf = models.BinaryField()
    digest = models.CharField(max_length=64)  # SHA-256 of the PDF
    byte_count = models.PositiveIntegerField()
    page_count = models.PositiveIntegerField()
    snapshot = models.JSONField()
    snapshot_digest = models.CharField(max_length=64)  # SHA-256 of the canonical JSON of the snapshot
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = EngagementPartQuerySet["FrozenDocument"].as_manager()

    class Meta:
        ordering = ["engagement", "kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "reference", "version"], name="document_version_once")
        ]
        indexes = [models.Index(fields=["digest"], name="document_digest")]
        triggers = append_only("frozen_document_append_only")

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def language(self) -> str:
        """Those frozen before there was a choice are English, and so are the kinds without one."""
        return str(self.snapshot.get("language") or FIRST)

    @property
    def language_label(self) -> str:
        return LANGUAGES[self.language]

    @property
    def filename(self) -> str:
        """A quote is named by its reference, which says the revision; it is drawn twice only with a new date."""
        is_quote = self.kind == self.Kind.QUOTE and self.version == 1
        return f"{self.reference}.pdf" if is_quote else f"{self.reference}-v{self.version}.pdf"
