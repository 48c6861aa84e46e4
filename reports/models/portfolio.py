"""What people say about the figures of the practice: days they spent, what is public, who wants it by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.permissions import is_staff
from core.triggers import append_only
from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet
from engagements.steps import PHASE_LABELS

if TYPE_CHECKING:
    from accounts.models import User


class DaysSpentQuerySet(EngagementPartQuerySet["DaysSpent"]):
    def visible_to(self, user: User) -> Self:
        """The practice's own: what a fixed fee came to is no matter of the customer."""
        return super().visible_to(user) if is_staff(user) else self.none()


class DaysSpent(models.Model):
    """Days of work that the practice spent on a phase. Below zero it takes some back that were noted before."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    phase = models.PositiveSmallIntegerField()
    days = models.DecimalField(max_digits=5, decimal_places=1)
    note = models.TextField()
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = DaysSpentQuerySet.as_manager()

    class Meta:
        ordering = ["engagement", "-pk"]
        verbose_name_plural = "days spent"
        triggers = append_only("days_spent_append_only")
        constraints = [
            models.CheckConstraint(condition=Q(phase__range=(1, 5)), name="days_spent_on_a_phase"),
            models.CheckConstraint(condition=~Q(days=0) & Q(note__gt=""), name="days_spent_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.days} days on phase {self.phase}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def label(self) -> str:
        return PHASE_LABELS[self.phase]


class PublishedFigure(models.Model):
    """A figure that the public page shows. Taken off the page, the row goes; the ledger tells of both."""

    key = models.CharField(max_length=40, unique=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.key


class PortfolioSubscription(models.Model):
    """Somebody wants the figures of each month by mail. `told_month` is the last one they were told of."""

    reader = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="portfolio_subscription"
    )
    told_month = models.CharField(max_length=7)  # 2026-10
    since = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Monthly figures for {self.reader}"
