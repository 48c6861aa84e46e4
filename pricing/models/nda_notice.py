from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from accounts.permissions import is_staff
from core.triggers import append_only
from engagements.models.visible import EngagementPartQuerySet
from pricing.models.clock_notice import ClockNotice
from pricing.models.nda import Nda

if TYPE_CHECKING:
    from accounts.models import User


class NdaNoticeQuerySet(EngagementPartQuerySet["NdaNotice"]):
    path_to_engagement = "nda__engagement"

    def visible_to(self, user: User) -> Self:
        """The practice alone: a promise that runs low is its own affair."""
        return super().visible_to(user) if is_staff(user) else self.none()


class NdaNotice(models.Model):
    """That the clock of an NDA ran low, or out, was told: once each."""

    nda = models.ForeignKey(Nda, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=10, choices=ClockNotice.Kind)
    due_at = models.DateTimeField()
    at = models.DateTimeField()

    objects = NdaNoticeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["nda", "kind"], name="nda_notice_once")]
        triggers = append_only("nda_notice_append_only")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.nda}"

    @property
    def audit_chain(self) -> str:
        return self.nda.audit_chain
