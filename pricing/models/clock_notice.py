from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.permissions import is_staff
from core.triggers import append_only
from engagements.models.visible import EngagementPartQuerySet
from pricing.models.request import Request

if TYPE_CHECKING:
    from accounts.models import User

M = TypeVar("M", bound=models.Model)


class RequestPartQuerySet(EngagementPartQuerySet[M]):
    """Rows of the practice about a request."""

    path_to_engagement = "request__engagement"

    def visible_to(self, user: User) -> Self:
        return super().visible_to(user) if is_staff(user) else self.none()


class ClockNotice(models.Model):
    """That a clock ran low, or out, was told: once each, to whom the request belonged then."""

    class Kind(models.TextChoices):
        FIRST = "first", "First warning"
        LAST = "last", "Last warning"
        BREACH = "breach", "Late"

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="clock_notices")
    kind = models.CharField(max_length=10, choices=Kind)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    at = models.DateTimeField()

    objects = RequestPartQuerySet["ClockNotice"].as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["request", "kind"], name="clock_notice_once")]
        triggers = append_only("clock_notice_append_only")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.request_id}"

    @property
    def audit_chain(self) -> str:
        return self.request.audit_chain


class LateReason(models.Model):
    """Why an answer was late, as the practice said afterwards. `key` is of the list in the book."""

    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="late_reason")
    key = models.CharField(max_length=20)
    text = models.TextField(blank=True)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    objects = RequestPartQuerySet["LateReason"].as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(key__gt=""), name="late_reason_is_named")]

    def __str__(self) -> str:
        return self.key

    @property
    def audit_chain(self) -> str:
        return self.request.audit_chain
