from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.permissions import is_staff
from engagements.models.visible import EngagementPartQuerySet
from pricing.models.request import Request

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User

SHORTEST, LONGEST = 15, 120  # minutes


class CallWindow(models.Model):
    """When a member of sales takes calls: a weekday with hours in the practice's zone, cut into calls of one length."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="call_windows")
    weekday = models.PositiveSmallIntegerField()  # 0 is Monday
    starts = models.TimeField()
    ends = models.TimeField()
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["person", "weekday", "starts"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="call_window_on_a_weekday"),
            models.CheckConstraint(condition=Q(starts__lt=F("ends")), name="call_window_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(minutes__range=(SHORTEST, LONGEST)), name="call_window_length"),
            models.UniqueConstraint(fields=["person", "weekday", "starts"], name="call_window_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, weekday {self.weekday}, {self.starts:%H:%M}-{self.ends:%H:%M}"


class CallDayOff(models.Model):
    """A day on which a member of sales takes no calls."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="call_days_off")
    day = models.DateField()

    class Meta:
        ordering = ["person", "day"]
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="call_day_off_once")]

    def __str__(self) -> str:
        return f"{self.person}, {self.day}"


class CallQuerySet(EngagementPartQuerySet["Call"]):
    path_to_engagement = "request__engagement"

    def visible_to(self, user: User) -> Self:
        """The practice's; the customer has the link and the calendar entry."""
        return super().visible_to(user) if is_staff(user) else self.none()

    def booked(self) -> Self:
        return self.filter(cancelled_at=None)

    def to_come(self) -> Self:
        return self.booked().filter(starts_at__gte=timezone.now())


class Call(models.Model):
    """A call about a request at an agreed time. Moving it keeps the row: a calendar follows by `uid` and `sequence`."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="calls")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="calls")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    time_zone = models.CharField(max_length=60)  # the visitor's, in which the time was offered
    telephone = models.CharField(max_length=40, blank=True)  # empty in calls of before it was asked for
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "starts_at"], condition=Q(cancelled_at__isnull=True), name="call_time_given_once"
            ),
            models.UniqueConstraint(
                fields=["request"], condition=Q(cancelled_at__isnull=True), name="call_one_a_request"
            ),
            models.CheckConstraint(condition=Q(minutes__range=(SHORTEST, LONGEST)), name="call_length"),
        ]

    def __str__(self) -> str:
        return f"Call of {self.minutes} minutes with {self.person}"

    @property
    def audit_chain(self) -> str:
        return self.request.audit_chain

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)
