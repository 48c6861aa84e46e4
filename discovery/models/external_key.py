from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from discovery.models.finding import Finding
from discovery.trackers.external_ids import FINDING, TASK, external_id
from engagements.models import Engagement, GateTask
from engagements.models.visible import EngagementPartQuerySet

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_KEY, LONGEST_ADDRESS = 100, 500


class ExternalKeyQuerySet(EngagementPartQuerySet["ExternalKey"]):
    def standing(self) -> ExternalKeyQuerySet:
        """Without those that were taken off."""
        return self.exclude(key="")

    def of(self, subject: Finding | GateTask) -> ExternalKeyQuerySet:
        return self.filter(finding=subject) if isinstance(subject, Finding) else self.filter(task=subject)

    def named(self, key: str) -> ExternalKeyQuerySet:
        """Trackers tell keys apart by more than case nowhere."""
        return self.filter(key__iexact=key.strip())

    def changed_since(self, moment: datetime) -> ExternalKeyQuerySet:
        return self.filter(changed_at__gte=moment)


class ExternalKey(models.Model):
    """The key by which a tracker knows a finding or a task. Taken off, it stays as a row without a key.

    So whoever asks what changed is told, and a version is never met twice.
    """

    class System(models.TextChoices):
        JIRA = "jira", "Jira"
        SERVICENOW = "servicenow", "ServiceNow"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="external_keys")
    finding = models.ForeignKey(Finding, null=True, blank=True, on_delete=models.PROTECT, related_name="external_keys")
    task = models.ForeignKey(GateTask, null=True, blank=True, on_delete=models.PROTECT, related_name="external_keys")
    system = models.CharField(max_length=12, choices=System)
    key = models.CharField(max_length=LONGEST_KEY, blank=True)
    address = models.CharField(max_length=LONGEST_ADDRESS, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    objects = ExternalKeyQuerySet.as_manager()

    class Meta:
        ordering = ["engagement", "system", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finding=None, task__isnull=False) | Q(finding__isnull=False, task=None),
                name="external_key_of_one_thing",
            ),
            models.UniqueConstraint(fields=["finding", "system"], name="external_key_once_a_finding"),
            models.UniqueConstraint(fields=["task", "system"], name="external_key_once_a_task"),
            models.UniqueConstraint(
                "engagement", "system", Lower("key"), condition=Q(key__gt=""), name="external_key_names_one_thing"
            ),
            models.CheckConstraint(
                condition=Q(address="") | Q(address__startswith="https://", key__gt=""),
                name="external_key_address_is_https",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key or 'No key'} of {self.subject}"

    @property
    def subject(self) -> Finding | GateTask:
        subject = self.finding or self.task
        assert subject is not None  # noqa: S101 (a constraint of the table)
        return subject

    @property
    def external_id(self) -> str:
        letter, number = (FINDING, self.finding.number) if self.finding else (TASK, self.task_id or 0)
        return external_id(self.engagement.code, letter, number)

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"
