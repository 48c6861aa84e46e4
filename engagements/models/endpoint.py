"""Where an organization's own systems are told of what happens in its engagements, and every time they were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Organization
from accounts.permissions import Permission, organizations_where
from core.constraints import together
from core.models import AuditEvent, Delivery, DeliveryQuerySet, Receiver
from engagements.models.engagement import Engagement
from engagements.models.visible import EngagementPartQuerySet

if TYPE_CHECKING:
    from accounts.models import User


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def visible_to(self, user: User) -> Self:
        """For those who set webhooks: what is told outside, and where, is no matter of every member."""
        if not user.is_authenticated:
            return self.none()
        seen = Organization.objects.visible_to(user).filter(
            pk__in=organizations_where(user, Permission.MANAGE_WEBHOOKS).values("pk")
        )
        return self.filter(organization__in=seen.values("pk"))

    def listening(self) -> Self:
        return self.filter(disabled_at=None)


class Endpoint(Receiver):
    """One receiver of an organization. It is told what happened since `begins_at`, of the kinds it chose.

    `failing_since` is the first attempt that failed after the last one that was taken. `version` counts what people
    changed of its name, address and kinds.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="endpoints")
    title = models.CharField(max_length=80)
    kinds = models.JSONField(default=list)
    begins_at = models.DateTimeField()
    sealed_former_secret = models.BinaryField(default=b"", blank=True)
    former_until = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_because = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(null=True, blank=True)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        ordering = ["organization", "title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "title"], name="endpoint_title_once"),
            models.CheckConstraint(
                condition=Q(disabled_at=None, disabled_because="")
                | (Q(disabled_at__isnull=False) & ~Q(disabled_because="")),
                name="endpoint_disabled_for_a_reason",
            ),
            together("changed_by", "changed_at", name="endpoint_changed_by_and_when"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.origin})"

    @property
    def is_listening(self) -> bool:
        return self.disabled_at is None


class EndpointDeliveryQuerySet(DeliveryQuerySet["EndpointDelivery"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(endpoint__in=Endpoint.objects.visible_to(user).values("pk"))

    def given_up(self) -> Self:
        return self.filter(given_up_at__isnull=False)


class EndpointDelivery(Delivery):
    """`entry` is the one of the ledger that it tells of, and none for a test. `about` is the engagement's code."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    kind = models.CharField(max_length=60)
    about = models.CharField(max_length=20, blank=True)
    entry = models.ForeignKey(AuditEvent, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = EndpointDeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "entry"], name="endpoint_delivery_entry_once"),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(given_up_at=None), name="endpoint_delivery_sent_or_given_up"
            ),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "available_at"],
                condition=Q(sent_at=None, given_up_at=None),
                name="endpoint_delivery_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"


class TellingMark(models.Model):
    """How far the ledger of an engagement was told. Its entries are committed in the order of their sequence."""

    engagement = models.OneToOneField(Engagement, on_delete=models.PROTECT, related_name="telling_mark")
    sequence = models.PositiveBigIntegerField(default=0)

    objects = EngagementPartQuerySet["TellingMark"].as_manager()

    def __str__(self) -> str:
        return f"{self.sequence} of engagement {self.engagement_id}"
