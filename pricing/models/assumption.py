from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet


class CostAssumption(models.Model):
    """A number of the running costs that an engagement replaced; without a row the book's holds."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="cost_assumptions")
    key = models.CharField(max_length=30)
    value = models.DecimalField(max_digits=12, decimal_places=2)
    reason = models.TextField()
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    objects = EngagementPartQuerySet["CostAssumption"].as_manager()

    class Meta:
        ordering = ["engagement", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "key"], name="cost_assumption_once"),
            models.CheckConstraint(condition=Q(reason__gt=""), name="cost_assumption_has_its_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.value}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"
