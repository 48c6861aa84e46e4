"""Where what came back is told to the customer's own systems, and every time it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from core.models import Delivery, DeliveryQuerySet, Receiver
from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet

if TYPE_CHECKING:
    from accounts.models import User


class Webhook(Receiver):
    """`suppressions_told` and `items_told` are the last rows that a delivery was made of."""

    engagement = models.OneToOneField(Engagement, on_delete=models.PROTECT, related_name="+")
    suppressions_told = models.BigIntegerField(default=0)
    items_told = models.BigIntegerField(default=0)

    objects = EngagementPartQuerySet["Webhook"].as_manager()

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"


class WebhookDeliveryQuerySet(DeliveryQuerySet["WebhookDelivery"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(engagement__in=Engagement.objects.visible_to(user))


class WebhookDelivery(Delivery):
    class Kind(models.TextChoices):
        SUPPRESSIONS = "suppression.changed", "Suppression list"
        ITEMS = "feedback.taken", "Bounces and complaints"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    row_count = models.PositiveIntegerField()

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
