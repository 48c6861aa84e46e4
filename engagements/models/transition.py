from django.conf import settings
from django.db import models

from core.triggers import append_only
from engagements.models.engagement import Engagement
from engagements.models.gate import Gate
from engagements.models.visible import EngagementPartQuerySet


class Transition(models.Model):
    """One move of an engagement or of one of its gates, as perform() made it."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="transitions")
    gate = models.ForeignKey(Gate, null=True, blank=True, on_delete=models.PROTECT, related_name="transitions")
    step = models.CharField(max_length=30)
    before = models.CharField(max_length=20)
    after = models.CharField(max_length=20)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(blank=True)

    objects = EngagementPartQuerySet["Transition"].as_manager()

    class Meta:
        ordering = ["-pk"]
        triggers = append_only("transition_append_only")

    def __str__(self) -> str:
        return f"{self.step}: {self.before} to {self.after}"
