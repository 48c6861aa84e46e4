"""The warm-up of new sending addresses."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet


class WarmUp(models.Model):
    """What the calendar is reckoned from; the calendar itself is reckoned anew from the newest run."""

    engagement = models.OneToOneField(Engagement, on_delete=models.PROTECT, related_name="+")
    pool = models.CharField(max_length=60)  # as the proxy's file calls it
    addresses = models.PositiveSmallIntegerField()
    hosts = models.PositiveSmallIntegerField()  # of the proxy: each counts for itself
    begins = models.DateField()
    providers = models.JSONField()  # [name], largest first
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    objects = EngagementPartQuerySet["WarmUp"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(addresses__gte=1, hosts__gte=1), name="warm_up_of_something"),
            models.CheckConstraint(condition=~Q(providers=[]), name="warm_up_somewhere"),
        ]

    def __str__(self) -> str:
        return f"Warm-up of pool {self.pool}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"
