"""The ramp: which share goes the new way, every change of it, who agreed to it and what was measured."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.scopes import Scope
from core.triggers import append_only
from delivery.models.traffic import ReconciliationRun
from discovery.models import Stream
from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet

REST = "new"  # what the control of the proxy calls the share of everything that no rule decides


class ProxyLine(models.Model):
    """The control endpoint of the customer's proxy. Without one the portal shows commands and changes nothing."""

    engagement = models.OneToOneField(Engagement, on_delete=models.PROTECT, related_name="+")
    url = models.URLField(max_length=300)
    sealed_token = models.BinaryField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    objects = EngagementPartQuerySet["ProxyLine"].as_manager()

    def __str__(self) -> str:
        return self.url

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def scope(self) -> Scope:
        """What the proxy may do here with the token of its line."""
        return Scope.REPORT


class ProxyCount(models.Model):
    """The newest totals that one host of the proxy told. `counted_at` is by its clock, `told_at` by the portal's."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    host_name = models.CharField(max_length=255)
    figures = models.JSONField()
    counted_at = models.DateTimeField()
    told_at = models.DateTimeField()

    objects = EngagementPartQuerySet["ProxyCount"].as_manager()

    class Meta:
        ordering = ["engagement", "host_name"]
        constraints = [models.UniqueConstraint(fields=["engagement", "host_name"], name="proxy_count_once_a_host")]

    def __str__(self) -> str:
        return self.host_name


class Ramp(models.Model):
    """The way of one stream to one group of providers, or of everything that has no ramp of its own."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    rule = models.CharField(max_length=60, default=REST)  # of the proxy's file
    stream = models.ForeignKey(Stream, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    provider = models.CharField(max_length=80, blank=True)  # empty: all
    share = models.PositiveSmallIntegerField(default=0)  # percent on the new route
    share_since = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    objects = EngagementPartQuerySet["Ramp"].as_manager()

    class Meta:
        ordering = ["engagement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="ramp_number_once"),
            models.UniqueConstraint(fields=["engagement", "rule"], name="ramp_once_a_rule"),
            models.CheckConstraint(condition=Q(share__lte=100), name="ramp_share_is_percent"),
            models.CheckConstraint(
                condition=Q(share=0) | Q(share_since__isnull=False), name="ramp_share_has_its_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"Ramp {self.number}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def title(self) -> str:
        what = str(self.stream) if self.stream else "All mail" if self.rule == REST else self.rule
        return f"{what} to {self.provider}" if self.provider else what


class RampPartQuerySet(EngagementPartQuerySet["ShareChange"]):
    path_to_engagement = "ramp__engagement"


class ShareChange(models.Model):
    """One change of a share: what it was before, why, and what the proxy said to it."""

    class State(models.TextChoices):
        ASKED = "asked", "Asked for"
        DONE = "done", "Done"
        FAILED = "failed", "Not done"

    ramp = models.ForeignKey(Ramp, on_delete=models.PROTECT, related_name="changes")
    previous = models.PositiveSmallIntegerField()
    share = models.PositiveSmallIntegerField()
    why = models.TextField()
    by_line = models.BooleanField()  # told the proxy by the portal, or by a person who ran the command
    state = models.CharField(max_length=6, choices=State, default=State.ASKED)
    said = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = RampPartQuerySet.as_manager()

    class Meta:
        ordering = ["ramp", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["ramp"], condition=Q(state="asked"), name="share_change_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(state="asked", settled_at=None) | (~Q(state="asked") & Q(settled_at__isnull=False)),
                name="share_change_settled_has_its_moment",
            ),
            models.CheckConstraint(condition=Q(share__lte=100, why__gt=""), name="share_change_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.previous} % to {self.share} %"

    @property
    def audit_chain(self) -> str:
        return self.ramp.audit_chain


class StepApprovalQuerySet(EngagementPartQuerySet["StepApproval"]):
    path_to_engagement = "ramp__engagement"


class StepApproval(models.Model):
    """The customer's yes to one step. It counts for the way up from the share it was given at."""

    ramp = models.ForeignKey(Ramp, on_delete=models.PROTECT, related_name="approvals")
    share = models.PositiveSmallIntegerField()
    note = models.TextField(blank=True)
    approved_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = StepApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["ramp", "-pk"]
        triggers = append_only("step_approval_append_only")

    def __str__(self) -> str:
        return f"Yes to {self.share} %"

    @property
    def audit_chain(self) -> str:
        return self.ramp.audit_chain


class StepCheckQuerySet(EngagementPartQuerySet["StepCheck"]):
    path_to_engagement = "ramp__engagement"


class StepCheck(models.Model):
    """Old against new over the hours of one step that no check saw before. `rows` are Judged.as_json()."""

    class Outcome(models.TextChoices):
        PASSED = "pass", "Passed"
        FAILED = "fail", "Failed"
        INCONCLUSIVE = "inconclusive", "Too little is known"

    ramp = models.ForeignKey(Ramp, on_delete=models.PROTECT, related_name="checks")
    run = models.ForeignKey(ReconciliationRun, on_delete=models.PROTECT, related_name="+")
    share = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome)
    rows = models.JSONField()

    objects = StepCheckQuerySet.as_manager()

    class Meta:
        ordering = ["ramp", "-pk"]
        triggers = append_only("step_check_append_only")
        constraints = [models.UniqueConstraint(fields=["ramp", "run"], name="step_check_once_a_run")]

    def __str__(self) -> str:
        return f"Check at {self.share} %"

    @property
    def audit_chain(self) -> str:
        return self.ramp.audit_chain
