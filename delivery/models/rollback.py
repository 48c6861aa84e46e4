"""The way back: rollbacks and drills on one server-side clock, and what asked for a decision to go back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.constraints import together
from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet

if TYPE_CHECKING:
    from datetime import timedelta


class RollbackQuerySet(EngagementPartQuerySet["Rollback"]):
    def running(self) -> RollbackQuerySet:
        return self.filter(ended_at=None)

    def drilled(self) -> RollbackQuerySet:
        """Drills that came to their end, latest first."""
        return self.filter(is_drill=True, ended_at__isnull=False, was_overtaken=False).order_by("-ended_at")


class Rollback(models.Model):
    """Everything back to Postfix, or the same as a drill. It ends when the proxy says so, or somebody who saw it."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    is_drill = models.BooleanField()
    by_line = models.BooleanField()
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said = models.TextField(blank=True)  # by the proxy, or why it said nothing
    ended_at = models.DateTimeField(null=True, blank=True)
    resumed_at = models.DateTimeField(null=True, blank=True)  # when the proxy said that it goes on with its shares
    was_overtaken = models.BooleanField(default=False)  # a drill that a real rollback ended
    reason = models.TextField(blank=True)
    explained_at = models.DateTimeField(null=True, blank=True)
    explained_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RollbackQuerySet.as_manager()

    class Meta:
        ordering = ["engagement", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="rollback_number_once"),
            models.UniqueConstraint(fields=["engagement"], condition=Q(ended_at=None), name="rollback_one_at_a_time"),
            together("explained_at", "explained_by", name="rollback_explained_whole"),
            models.CheckConstraint(
                condition=Q(reason="", explained_at=None) | Q(reason__gt="", explained_at__isnull=False),
                name="rollback_explained_in_words",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="rollback_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(was_overtaken=False) | Q(is_drill=True, ended_at__isnull=False),
                name="rollback_overtaken_is_a_drill",
            ),
        ]

    def __str__(self) -> str:
        return f"Drill {self.number}" if self.is_drill else f"Rollback {self.number}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def took(self) -> timedelta | None:
        return self.ended_at - self.started_at if self.ended_at else None


class RollbackStepQuerySet(EngagementPartQuerySet["RollbackStep"]):
    path_to_engagement = "rollback__engagement"


class RollbackStep(models.Model):
    rollback = models.ForeignKey(Rollback, on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    party = models.CharField(max_length=12)  # consultancy, customer or joint
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RollbackStepQuerySet.as_manager()

    class Meta:
        ordering = ["rollback", "position"]
        constraints = [
            models.UniqueConstraint(fields=["rollback", "position"], name="rollback_step_once"),
            together("done_at", "done_by", name="rollback_step_done_whole"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_chain(self) -> str:
        return self.rollback.audit_chain


class OwnTrigger(models.Model):
    """A limit of the engagement's own, beside those of the plan."""

    class Figure(models.TextChoices):
        FAILURE = "failure", "Delivery failure on the new route"
        DEFERRAL = "deferral", "Put off at least once on the new route"
        LATENCY = "latency", "Delivered late on the new route"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    figure = models.CharField(max_length=8, choices=Figure)
    limit = models.DecimalField(max_digits=6, decimal_places=3)  # percent
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = EngagementPartQuerySet["OwnTrigger"].as_manager()

    class Meta:
        ordering = ["engagement", "pk"]
        constraints = [
            together("removed_at", "removed_by", name="own_trigger_removed_whole"),
            models.CheckConstraint(condition=Q(limit__gt=0, limit__lte=100), name="own_trigger_limit_is_percent"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"


class TriggerDecision(models.Model):
    """A trigger was crossed: somebody has to decide whether to go back. Nothing goes back by itself."""

    class Decision(models.TextChoices):
        GO_BACK = "go_back", "Go back to Postfix"
        GO_ON = "go_on", "Stay, and say why"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    said = models.TextField()
    opened_at = models.DateTimeField()
    decision = models.CharField(max_length=7, choices=Decision, blank=True)
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = EngagementPartQuerySet["TriggerDecision"].as_manager()

    class Meta:
        ordering = ["engagement", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="trigger_decision_number_once"),
            models.UniqueConstraint(
                fields=["engagement", "key"], condition=Q(decided_at=None), name="trigger_decision_open_once"
            ),
            together("decided_at", "decided_by", name="trigger_decision_decided_whole"),
            models.CheckConstraint(
                condition=Q(decided_at=None, decision="", reason="")
                | Q(decided_at__isnull=False, decision__gt="", reason__gt=""),
                name="trigger_decision_has_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Decision {self.number}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"
