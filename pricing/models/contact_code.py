from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from pricing.models.contact import QuoteContact


class ContactCodeQuerySet(models.QuerySet["ContactCode"]):
    def live(self) -> ContactCodeQuerySet:
        return self.filter(used_at=None, replaced_at=None, expires_at__gt=timezone.now())


class ContactCode(models.Model):
    """A one-time code that was mailed to a contact. The digits are stored as a keyed digest only."""

    contact = models.ForeignKey(QuoteContact, on_delete=models.PROTECT, related_name="codes")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    wrong_attempts = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)  # by a newer one
    ip_address = models.GenericIPAddressField(null=True, blank=True)  # from where it was asked for

    objects = ContactCodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact"], condition=Q(used_at=None, replaced_at=None), name="contact_code_one_is_open"
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(replaced_at__isnull=True), name="contact_code_used_or_replaced"
            ),
        ]
        indexes = [models.Index(fields=["ip_address", "made_at"], name="contact_code_asked_from")]

    def __str__(self) -> str:
        return f"Code of {self.made_at:%Y-%m-%d %H:%M} for {self.contact_id}"
