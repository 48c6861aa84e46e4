from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from core.models.outbox import OutboxQuerySet


class FailingAddressQuerySet(models.QuerySet["FailingAddress"]):
    def of(self, address: str) -> FailingAddressQuerySet:
        return self.filter(address=address.lower())

    def paused(self) -> FailingAddressQuerySet:
        return self.filter(paused_at__isnull=False)

    def nobodys(self, mails: OutboxQuerySet) -> FailingAddressQuerySet:
        """Those to which these mails went that belong to no account."""
        addresses = [address.lower() for address in mails.values_list("address", flat=True).distinct()]
        return self.filter(person=None, address__in=addresses)


class FailingAddress(models.Model):
    """An address at which mail of the portal failed for good. The row goes once it is proved that mail arrives."""

    address = models.CharField(max_length=254, unique=True)  # in small letters
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="failing_addresses"
    )
    said = models.TextField()
    failures = models.PositiveIntegerField(default=0)
    came_back = models.BooleanField()  # told by a mail that came back, which a server that accepts mail says nothing of
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[FailingAddressQuerySet] = FailingAddressQuerySet.as_manager()  # type: ignore[assignment]  # django-stubs names it Manager

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "failing addresses"
        constraints = [
            models.CheckConstraint(condition=~models.Q(said=""), name="failing_address_says_why"),
        ]

    def __str__(self) -> str:
        return self.address
