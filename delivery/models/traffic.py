"""Logs of both sides and the proxy's journal, and what holding them against each other came to."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.constraints import together
from core.triggers import append_only
from discovery.models import UnreadFile
from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet


class TrafficLogQuerySet(EngagementPartQuerySet["TrafficLog"]):
    def kept(self) -> TrafficLogQuerySet:
        return self.filter(withdrawn_at=None)


class TrafficLog(models.Model):
    """One log that runs read. It stays sealed until somebody withdraws it: every run reads all of them anew."""

    class Kind(models.TextChoices):
        JOURNAL = "journal", "Journal of the proxy"
        POSTFIX = "postfix", "Mail log of Postfix"
        POWERMTA = "powermta", "Accounting file of PowerMTA"
        KUMOMTA = "kumomta", "Log segment of KumoMTA"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)  # of the bytes as they were sent
    byte_count = models.PositiveBigIntegerField()
    sealed = models.OneToOneField(UnreadFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = TrafficLogQuerySet.as_manager()

    class Meta:
        ordering = ["engagement", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="traffic_log_number_once"),
            models.UniqueConstraint(
                fields=["engagement", "sha256"], condition=Q(withdrawn_at=None), name="traffic_log_counted_once"
            ),
            together("withdrawn_at", "withdrawn_by", name="traffic_log_withdrawn_whole"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, sealed__isnull=False) | Q(withdrawn_at__isnull=False, sealed=None),
                name="traffic_log_bytes_until_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"Log {self.number} ({self.get_kind_display()})"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"


class JournalKey(models.Model):
    """The key to the recipients of a journal that names them as hashes. `needed_at`: the last run failed for it."""

    engagement = models.OneToOneField(Engagement, on_delete=models.PROTECT, related_name="+")
    sealed_key = models.BinaryField(null=True, blank=True)
    needed_at = models.DateTimeField(null=True, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    set_at = models.DateTimeField(null=True, blank=True)

    objects = EngagementPartQuerySet["JournalKey"].as_manager()

    class Meta:
        constraints = [together("sealed_key", "set_by", "set_at", name="journal_key_set_whole")]

    def __str__(self) -> str:
        return "Key of the journal"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def is_missing(self) -> bool:
        return self.needed_at is not None and self.sealed_key is None


class ReconciliationRun(models.Model):
    """All kept logs held against each other once.

    `report` is what `delivery.reconciliation.report` says, without its lists: those become cases. `lines` has a row a
    log, by its number. `covered_to` is the latest moment that every side's logs reach; None where they reach nothing.
    """

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    report = models.JSONField()
    lines = models.JSONField()
    covered = models.JSONField()  # {"journal" | "old" | "new": [first, last]} in seconds since 1970
    covered_from = models.DateTimeField(null=True, blank=True)
    covered_to = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()

    objects = EngagementPartQuerySet["ReconciliationRun"].as_manager()

    class Meta:
        ordering = ["engagement", "-number"]
        triggers = append_only("reconciliation_run_append_only")
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="reconciliation_run_number_once"),
            together("covered_from", "covered_to", name="reconciliation_run_covers_a_span"),
        ]

    def __str__(self) -> str:
        return f"Run {self.number}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def discrepancies(self) -> int:
        return sum(self.report["states"][state] for state in ("missing", "duplicate", "ambiguous"))


class TrafficHourQuerySet(EngagementPartQuerySet["TrafficHour"]):
    path_to_engagement = "run__engagement"


class TrafficHour(models.Model):
    """What one side brought to an end in one hour at one provider, in recipients of one stream.

    Without a stream: those of whom no log tells it, as all of them once were kept. The rows of an hour add up.
    `timed` are those whose way from the proxy is known, `slow` those of them that took longer than the limit.
    """

    class Side(models.TextChoices):
        OLD = "old", "Postfix"
        NEW = "new", "New route"

    run = models.ForeignKey(ReconciliationRun, on_delete=models.PROTECT, related_name="hours")
    hour = models.DateTimeField()
    side = models.CharField(max_length=3, choices=Side)
    provider = models.CharField(max_length=80)
    stream = models.CharField(max_length=80, blank=True)  # the domain of the sender
    delivered = models.PositiveBigIntegerField()
    failed = models.PositiveBigIntegerField()
    deferred = models.PositiveBigIntegerField()
    timed = models.PositiveBigIntegerField()
    slow = models.PositiveBigIntegerField()

    objects = TrafficHourQuerySet.as_manager()

    class Meta:
        ordering = ["run", "hour", "side", "provider", "stream"]
        triggers = append_only("traffic_hour_append_only")
        constraints = [
            models.UniqueConstraint(fields=["run", "hour", "side", "provider", "stream"], name="traffic_hour_once"),
            models.CheckConstraint(condition=Q(slow__lte=F("timed")), name="traffic_hour_slow_is_timed"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} in {self.hour:%Y-%m-%d %H}:00"

    @property
    def audit_chain(self) -> str:
        return self.run.audit_chain
