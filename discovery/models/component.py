from django.conf import settings
from django.db import models

from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet


class Component(models.Model):
    """A milter, script or program that no upload shows: entered by a person who knows, or knows that nobody does."""

    class Kind(models.TextChoices):
        MILTER = "milter", "Milter"
        SCRIPT = "script", "Script"
        BOUNCES = "bounces", "Bounce processor"
        FEEDBACK = "feedback", "Feedback loop script"
        OTHER = "other", "Other"

    class Source(models.TextChoices):
        AVAILABLE = "available", "Available"
        LOST = "lost", "Not available"
        UNKNOWN = "unknown", "Not known"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="components")
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=120)
    host_label = models.CharField("host", max_length=80, blank=True)
    owner = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=60, blank=True)
    line_count = models.PositiveIntegerField("lines of source", null=True, blank=True)
    source = models.CharField(max_length=9, choices=Source, default=Source.UNKNOWN)
    note = models.TextField(blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = EngagementPartQuerySet["Component"].as_manager()

    class Meta:
        ordering = ["engagement", "name"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "name", "host_label"], name="component_named_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"
