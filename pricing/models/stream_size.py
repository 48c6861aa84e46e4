from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from discovery.models import Stream
from engagements.models.visible import EngagementPartQuerySet


class StreamSizeQuerySet(EngagementPartQuerySet["StreamSize"]):
    path_to_engagement = "stream__engagement"


class StreamSize(models.Model):
    """The numbers of one stream, as people know them; an unknown one is None. Without a row nothing is known."""

    stream = models.OneToOneField(Stream, on_delete=models.PROTECT, related_name="size")
    month = models.PositiveBigIntegerField("messages a month", null=True, blank=True)
    peak = models.PositiveBigIntegerField("messages on the busiest day", null=True, blank=True)
    ips = models.PositiveIntegerField("IPs", null=True, blank=True)
    origin = models.TextField()
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    objects = StreamSizeQuerySet.as_manager()

    class Meta:
        ordering = ["stream"]
        constraints = [
            models.CheckConstraint(condition=Q(origin__gt=""), name="stream_size_has_its_origin"),
            models.CheckConstraint(condition=Q(ips=None) | Q(ips__gte=1), name="stream_size_sends_from_somewhere"),
        ]

    def __str__(self) -> str:
        return f"Numbers of {self.stream}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.stream.engagement_id}"
