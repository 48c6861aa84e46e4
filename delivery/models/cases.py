"""What the logs do not account for, as cases that people close."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.db.models import Q

from core.constraints import together
from delivery.models.traffic import ReconciliationRun
from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet


class DiscrepancyCaseQuerySet(EngagementPartQuerySet["DiscrepancyCase"]):
    def open(self) -> DiscrepancyCaseQuerySet:
        return self.filter(closed_at=None)


class DiscrepancyCase(models.Model):
    """Messages that the logs do not account for, alike in state, cause and path. A person closes it, with a reason."""

    class State(models.TextChoices):
        MISSING = "missing", "Missing"
        DUPLICATE = "duplicate", "Delivered twice"
        AMBIGUOUS = "ambiguous", "Cannot be told"

    class Verdict(models.TextChoices):
        EXPLAINED = "explained", "Explained: nothing was lost or sent twice"
        CONFIRMED = "confirmed", "Confirmed: it happened, and its cause is removed"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State)
    cause = models.CharField(max_length=60, blank=True)  # as the rules of the reconciliation call it
    path = models.CharField(max_length=40, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField()
    item_count = models.PositiveIntegerField(default=0)
    unlisted_count = models.PositiveIntegerField(default=0)  # beyond as many as are listed
    version = models.PositiveIntegerField(default=1)
    verdict = models.CharField(max_length=9, choices=Verdict, blank=True)
    reason = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = DiscrepancyCaseQuerySet.as_manager()

    class Meta:
        ordering = ["engagement", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="discrepancy_case_number_once"),
            models.UniqueConstraint(
                fields=["engagement", "state", "cause", "path"],
                condition=Q(closed_at=None),
                name="discrepancy_case_open_once_a_cause",
            ),
            together("closed_at", "closed_by", name="discrepancy_case_closed_whole"),
            models.CheckConstraint(
                condition=Q(closed_at=None, verdict="", reason="", evidence="")
                | Q(closed_at__isnull=False, verdict__gt="", reason__gt="", evidence__gt=""),
                name="discrepancy_case_closed_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Case {self.number}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def count(self) -> int:
        return self.item_count + self.unlisted_count

    @property
    def title(self) -> str:
        why = f", {self.cause}" if self.cause else ""
        where = f" on the {self.path} side" if self.path in {"old", "new"} else ""
        return f"{self.get_state_display()}{where}{why}"


class CaseItemQuerySet(EngagementPartQuerySet["CaseItem"]):
    path_to_engagement = "case__engagement"


class CaseItem(models.Model):
    """One message to one recipient in a case. `key` tells it from others in every run of the engagement."""

    case = models.ForeignKey(DiscrepancyCase, on_delete=models.PROTECT, related_name="items")
    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    message_id = models.TextField(blank=True)
    recipient = models.TextField(blank=True)
    trace = models.TextField(blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    became = models.CharField(max_length=20, blank=True)
    file = models.TextField(blank=True)
    found_in = models.ForeignKey(ReconciliationRun, on_delete=models.PROTECT, related_name="+")
    seen_in = models.ForeignKey(ReconciliationRun, on_delete=models.PROTECT, related_name="+")  # the latest

    objects = CaseItemQuerySet.as_manager()

    class Meta:
        ordering = ["case", "pk"]
        constraints = [models.UniqueConstraint(fields=["engagement", "key"], name="case_item_once")]
        indexes = [HashIndex(fields=["message_id"], name="case_item_message_id")]  # of any length

    def __str__(self) -> str:
        return f"{self.message_id or 'no Message-ID'} to {self.recipient or 'nobody'}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"
