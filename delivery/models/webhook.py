"""Where what came back is told to the customer's own systems, and every time it was."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet


class Webhook(models.Model):
    """`suppressions_told` and `items_told` are the last rows that a delivery was made of."""

    engagement = models.OneToOneField(Engagement, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=500)  # scheme and host; path and query may hold a token
    sealed_url = models.BinaryField()
    sealed_secret = models.BinaryField()
    suppressions_told = models.BigIntegerField(default=0)
    items_told = models.BigIntegerField(default=0)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    objects = EngagementPartQuerySet["Webhook"].as_manager()

    def __str__(self) -> str:
        return self.origin

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"


class WebhookDeliveryQuerySet(EngagementPartQuerySet["WebhookDelivery"]):
    def waiting(self) -> WebhookDeliveryQuerySet:
        return self.filter(sent_at=None, given_up_at=None)


class WebhookDelivery(models.Model):
    """One message to the receiver. Its id and words stay the same however often it is sent."""

    class Kind(models.TextChoices):
        SUPPRESSIONS = "suppression.changed", "Suppression list"
        ITEMS = "feedback.taken", "Bounces and complaints"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    event_id = models.UUIDField(default=uuid.uuid4, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    body = models.TextField()
    row_count = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    available_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True, blank=True)  # of the last answer
    said = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["engagement", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="webhook_delivery_number_once"),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(given_up_at=None), name="webhook_delivery_sent_or_given_up"
            ),
        ]
        indexes = [
            models.Index(
                fields=["available_at"],
                condition=Q(sent_at=None, given_up_at=None),
                name="webhook_delivery_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"Delivery {self.number}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"
