"""What every webhook has, whoever is told: a sealed receiver, and a row for each message to it."""

from __future__ import annotations

import uuid
from typing import Self, TypeVar

from django.conf import settings
from django.db import models
from django.utils import timezone

D = TypeVar("D", bound=models.Model)


class Receiver(models.Model):
    """Whose systems are told. Of the address only scheme and host stand in clear: path and query may hold a token."""

    origin = models.CharField(max_length=500)
    sealed_url = models.BinaryField()
    sealed_secret = models.BinaryField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.origin


class DeliveryQuerySet(models.QuerySet[D]):
    def waiting(self) -> Self:
        return self.filter(sent_at=None, given_up_at=None)

    def due(self) -> Self:
        return self.waiting().filter(available_at__lte=timezone.now())


class Delivery(models.Model):
    """One message to a receiver. Its id and words stay the same however often it is sent."""

    event_id = models.UUIDField(default=uuid.uuid4, unique=True)
    body = models.TextField()
    made_at = models.DateTimeField()
    available_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True, blank=True)  # of the last answer
    said = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def outcome(self) -> str:
        """For the ledger, which keeps no words of a stranger's server."""
        return f"it answered {self.status}" if self.status else "no answer came"

    @property
    def has_ended(self) -> bool:
        return bool(self.sent_at or self.given_up_at)
