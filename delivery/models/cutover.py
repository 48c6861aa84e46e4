"""The cutover: its run-sheet, the frozen configuration, the window in which one can go back, and how it is closed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.constraints import together
from core.triggers import append_only
from delivery.models.ramp import Ramp
from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet

if TYPE_CHECKING:
    from datetime import datetime


class Cutover(models.Model):
    """One move to 100 %. After a fall-back another one is planned; both stay in the record."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    ramp = models.ForeignKey(Ramp, on_delete=models.PROTECT, related_name="+")
    window_days = models.PositiveSmallIntegerField()
    planned_for = models.DateTimeField()
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on_call = models.TextField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    fallen_back_at = models.DateTimeField(null=True, blank=True)
    fallen_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)  # before the end of the window, by both sides

    objects = EngagementPartQuerySet["Cutover"].as_manager()

    class Meta:
        ordering = ["engagement", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="cutover_number_once"),
            models.UniqueConstraint(fields=["ramp"], condition=Q(fallen_back_at=None), name="cutover_one_a_ramp"),
            together("done_at", "done_by", name="cutover_done_whole"),
            together("fallen_back_at", "fallen_back_by", name="cutover_fallen_back_whole"),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(done_at__isnull=False), name="cutover_closed_is_done"
            ),
        ]

    def __str__(self) -> str:
        return f"Cutover {self.number}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def window_ends(self) -> datetime | None:
        """None before it is done."""
        return self.done_at + timedelta(days=self.window_days) if self.done_at else None


class CutoverPartQuerySet(EngagementPartQuerySet["CutoverStep"]):
    path_to_engagement = "cutover__engagement"


class CutoverStep(models.Model):
    """A line of the run-sheet. What the portal sees by itself is never ticked by a person."""

    class Kind(models.TextChoices):
        MANUAL = "manual", "By hand"
        AUTOMATIC = "automatic", "Seen by the portal"
        APPROVAL = "approval", "Approval"

    cutover = models.ForeignKey(Cutover, on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=9, choices=Kind)
    party = models.CharField(max_length=12)
    evidence = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = CutoverPartQuerySet.as_manager()

    class Meta:
        ordering = ["cutover", "position"]
        constraints = [
            models.UniqueConstraint(fields=["cutover", "position"], name="cutover_step_once"),
            together("done_at", "done_by", name="cutover_step_done_whole"),
            models.CheckConstraint(
                condition=Q(done_at=None, evidence="") | Q(done_at__isnull=False, evidence__gt=""),
                name="cutover_step_shows_something",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_chain(self) -> str:
        return self.cutover.audit_chain


class FrozenConfigurationQuerySet(EngagementPartQuerySet["FrozenConfiguration"]):
    path_to_engagement = "cutover__engagement"


class FrozenConfiguration(models.Model):
    """What Postfix was configured with when it was frozen: `hosts` are digests of the bundles, by host."""

    cutover = models.OneToOneField(Cutover, on_delete=models.PROTECT, related_name="frozen")
    digest = models.CharField(max_length=64)
    hosts = models.JSONField()
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = FrozenConfigurationQuerySet.as_manager()

    class Meta:
        triggers = append_only("frozen_configuration_append_only")

    def __str__(self) -> str:
        return self.digest

    @property
    def audit_chain(self) -> str:
        return self.cutover.audit_chain


class QueueCountQuerySet(EngagementPartQuerySet["QueueCount"]):
    path_to_engagement = "cutover__engagement"


class QueueCount(models.Model):
    """How many messages stood in a queue of one side, as somebody counted them."""

    class Side(models.TextChoices):
        OLD = "old", "Postfix"
        NEW = "new", "New route"

    cutover = models.ForeignKey(Cutover, on_delete=models.PROTECT, related_name="queue_counts")
    side = models.CharField(max_length=3, choices=Side)
    messages = models.PositiveBigIntegerField()
    counted_at = models.DateTimeField()
    counted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = QueueCountQuerySet.as_manager()

    class Meta:
        ordering = ["cutover", "pk"]
        triggers = append_only("queue_count_append_only")

    def __str__(self) -> str:
        return f"{self.messages} at {self.get_side_display()}"

    @property
    def audit_chain(self) -> str:
        return self.cutover.audit_chain


class ArmedCheckQuerySet(EngagementPartQuerySet["ArmedCheck"]):
    path_to_engagement = "cutover__engagement"


class ArmedCheck(models.Model):
    """Whether the way back still works, once a day. `rows` are {"title", "state": "pass|fail|unknown", "said"}."""

    cutover = models.ForeignKey(Cutover, on_delete=models.PROTECT, related_name="armed_checks")
    day = models.DateField()
    holds = models.BooleanField()
    rows = models.JSONField()
    checked_at = models.DateTimeField()

    objects = ArmedCheckQuerySet.as_manager()

    class Meta:
        ordering = ["cutover", "-day"]
        triggers = append_only("armed_check_append_only")
        constraints = [models.UniqueConstraint(fields=["cutover", "day"], name="armed_check_once_a_day")]

    def __str__(self) -> str:
        return f"Armed check of {self.day}"

    @property
    def audit_chain(self) -> str:
        return self.cutover.audit_chain


class WindowSignatureQuerySet(EngagementPartQuerySet["WindowSignature"]):
    path_to_engagement = "cutover__engagement"


class WindowSignature(models.Model):
    """One side's word that the window may be closed before its end. It takes both."""

    cutover = models.ForeignKey(Cutover, on_delete=models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=12, choices=[("consultancy", "The consultancy"), ("customer", "The customer")])
    reason = models.TextField()
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = WindowSignatureQuerySet.as_manager()

    class Meta:
        ordering = ["cutover", "pk"]
        triggers = append_only("window_signature_append_only")
        constraints = [models.UniqueConstraint(fields=["cutover", "party"], name="window_signature_once_a_side")]

    def __str__(self) -> str:
        return f"{self.get_party_display()} closes the window early"

    @property
    def audit_chain(self) -> str:
        return self.cutover.audit_chain


class DecommissionQuerySet(EngagementPartQuerySet["Decommission"]):
    path_to_engagement = "cutover__engagement"


class Decommission(models.Model):
    """Postfix is taken down: what becomes of what it leaves behind. `answers` is {key: [bool, words]}."""

    cutover = models.OneToOneField(Cutover, on_delete=models.PROTECT, related_name="decommission")
    answers = models.JSONField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = DecommissionQuerySet.as_manager()

    class Meta:
        triggers = append_only("decommission_append_only")

    def __str__(self) -> str:
        return f"Decommission after {self.cutover}"

    @property
    def audit_chain(self) -> str:
        return self.cutover.audit_chain
