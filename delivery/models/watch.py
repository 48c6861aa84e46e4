"""The watch over the new route: what it is held against, what it found, and where seeds came to lie."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.constraints import together
from core.triggers import append_only
from delivery.models.cutover import Cutover
from delivery.models.rollback import TriggerDecision
from discovery.maillog.streams import stream_label
from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet

if TYPE_CHECKING:
    from datetime import date


class Baseline(models.Model):
    """What Postfix did before, frozen. A newer one is another row; watches keep the one they were agreed with.

    `content` is what `delivery.watch.baseline.Frozen` reads, `digest` the SHA-256 of it.
    """

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    first_day = models.DateField()
    last_day = models.DateField()
    day_count = models.PositiveIntegerField()  # with figures
    is_short = models.BooleanField()
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = EngagementPartQuerySet["Baseline"].as_manager()

    class Meta:
        ordering = ["engagement", "-number"]
        triggers = append_only("baseline_append_only")
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="baseline_number_once"),
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="baseline_covers_a_span"),
        ]

    def __str__(self) -> str:
        return f"Baseline {self.number}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"


class Watch(models.Model):
    """What was agreed: how long the new route is watched, and against what. The newest of a cutover counts."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    cutover = models.ForeignKey(Cutover, on_delete=models.PROTECT, related_name="watches")
    baseline = models.ForeignKey(Baseline, on_delete=models.PROTECT, related_name="watches")
    begins_at = models.DateTimeField()  # when everything went the new way
    days = models.PositiveSmallIntegerField()
    why_short = models.TextField(blank=True)  # why a short baseline will do
    agreed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = EngagementPartQuerySet["Watch"].as_manager()

    class Meta:
        ordering = ["engagement", "-number"]
        triggers = append_only("watch_append_only")
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="watch_number_once"),
            models.CheckConstraint(condition=Q(days__gte=1), name="watch_of_some_days"),
        ]

    def __str__(self) -> str:
        return f"Watch {self.number}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def ends_on(self) -> date:
        """Its last day, by UTC."""
        return (self.begins_at + timedelta(days=self.days)).date()


class InsightCardQuerySet(EngagementPartQuerySet["InsightCard"]):
    def open(self) -> InsightCardQuerySet:
        return self.filter(closed_at=None)

    def escalated(self) -> InsightCardQuerySet:
        """Open ones that somebody was called for."""
        return self.open().filter(escalated_at__isnull=False)


class InsightCard(models.Model):
    """A rule of the watch was crossed. `provider` and `stream` are empty where it is about all of them."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    watch = models.ForeignKey(Watch, on_delete=models.PROTECT, related_name="cards")
    rule = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    provider = models.CharField(max_length=80, blank=True)
    stream = models.CharField(max_length=80, blank=True)
    said = models.TextField()
    opened_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    acknowledgement = models.TextField(blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    escalated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    escalated_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    escalation = models.TextField(blank=True)
    decision = models.ForeignKey(
        TriggerDecision, null=True, blank=True, on_delete=models.PROTECT, related_name="insight_cards"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cause = models.CharField(max_length=40, blank=True)
    closing = models.TextField(blank=True)
    judged_through = models.DateField(null=True, blank=True)  # what was known when it was closed opens no other

    objects = InsightCardQuerySet.as_manager()

    class Meta:
        ordering = ["engagement", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="insight_card_number_once"),
            models.UniqueConstraint(
                fields=["engagement", "rule", "provider", "stream"],
                condition=Q(closed_at=None),
                name="insight_card_open_once",
            ),
            together("acknowledged_at", "acknowledged_by", name="insight_card_acknowledged_whole"),
            together("escalated_at", "escalated_by", "escalated_to", name="insight_card_escalated_whole"),
            together("closed_at", "closed_by", name="insight_card_closed_whole"),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledgement="")
                | Q(acknowledged_at__isnull=False, acknowledgement__gt=""),
                name="insight_card_acknowledged_in_words",
            ),
            models.CheckConstraint(
                condition=Q(escalated_at=None, escalation="", decision=None)
                | Q(escalated_at__isnull=False, escalation__gt=""),
                name="insight_card_escalated_in_words",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, cause="", closing="")
                | Q(closed_at__isnull=False, cause__gt="", closing__gt=""),
                name="insight_card_closed_with_its_cause",
            ),
        ]

    def __str__(self) -> str:
        return f"Card {self.number}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def about(self) -> str:
        """The provider and the stream, or all mail."""
        stream = stream_label(self.stream) if self.stream else ""
        return ", ".join(part for part in (self.provider, stream) if part) or "All providers"


class SeedUpload(models.Model):
    """A file with results of seeds. Nothing is taken back: what a later file says of the same test counts."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)  # of the bytes as they were sent
    line_count = models.PositiveIntegerField()  # that were kept
    strange_count = models.PositiveIntegerField()
    strange = models.JSONField(default=list)  # [[line, sentence]], all of them
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = EngagementPartQuerySet["SeedUpload"].as_manager()

    class Meta:
        ordering = ["engagement", "-number"]
        triggers = append_only("seed_upload_append_only")
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="seed_upload_number_once"),
            models.UniqueConstraint(fields=["engagement", "sha256"], name="seed_upload_once"),
            models.CheckConstraint(condition=Q(line_count__gte=1), name="seed_upload_says_something"),
        ]

    def __str__(self) -> str:
        return f"Seed results {self.number}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"


class SeedResultQuerySet(EngagementPartQuerySet["SeedResult"]):
    path_to_engagement = "upload__engagement"

    def counting(self) -> SeedResultQuerySet:
        """Of each test the line of its newest file."""
        test = ("upload__engagement_id", "tested_on", "provider", "stream")
        own = self.order_by(*test, "-upload__number").distinct(*test)
        return self.model.objects.filter(pk__in=own.values("pk"))


class SeedResult(models.Model):
    """Where the seeds of one test came to lie. What is neither inbox nor spam never arrived."""

    upload = models.ForeignKey(SeedUpload, on_delete=models.PROTECT, related_name="results")
    tested_on = models.DateField()
    provider = models.CharField(max_length=80)
    stream = models.CharField(max_length=80, blank=True)
    sent = models.PositiveIntegerField()
    inbox = models.PositiveIntegerField()
    spam = models.PositiveIntegerField()

    objects = SeedResultQuerySet.as_manager()

    class Meta:
        ordering = ["-tested_on", "provider", "stream", "-pk"]
        triggers = append_only("seed_result_append_only")
        constraints = [
            models.UniqueConstraint(fields=["upload", "tested_on", "provider", "stream"], name="seed_result_once"),
            models.CheckConstraint(condition=Q(sent__gte=F("inbox") + F("spam")), name="seed_result_adds_up"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} on {self.tested_on}"

    @property
    def audit_chain(self) -> str:
        return self.upload.audit_chain

    @property
    def missing(self) -> int:
        return self.sent - self.inbox - self.spam
