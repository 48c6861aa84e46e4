"""What comes back of sent mail, whichever server or mailbox told it, and the addresses that are given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.db.models import F, Q

from core.triggers import append_only
from discovery.models import UnreadFile
from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet

if TYPE_CHECKING:
    from datetime import datetime


class FeedbackFile(models.Model):
    """A mailbox or a log that was handed over. Its bytes live, encrypted, only until they are read."""

    class State(models.TextChoices):
        RECEIVED = "received", "Received"
        READ = "read", "Read"
        REFUSED = "refused", "Refused"

    class Form(models.TextChoices):
        MAIL = "mail", "Messages"
        POWERMTA = "powermta", "PowerMTA's accounting"
        KUMOMTA = "kumomta", "KumoMTA's log"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)  # of the bytes as they were sent
    byte_count = models.PositiveBigIntegerField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    job = models.ForeignKey("core.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    unread = models.OneToOneField(UnreadFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.RECEIVED)
    refusal = models.TextField(blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    form = models.CharField(max_length=8, choices=Form, blank=True)
    new_count = models.PositiveIntegerField(default=0)
    known_count = models.PositiveIntegerField(default=0)  # told before, by this file or by another
    passed_count = models.PositiveIntegerField(default=0)  # messages that say nothing of delivery
    strange_count = models.PositiveIntegerField(default=0)
    strange = models.JSONField(default=list)  # [[place, sentence]], the first few

    objects = EngagementPartQuerySet["FeedbackFile"].as_manager()

    class Meta:
        ordering = ["engagement", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="feedback_file_number_once"),
            models.CheckConstraint(
                condition=Q(state="received", unread__isnull=False) | (~Q(state="received") & Q(unread=None)),
                name="feedback_bytes_until_they_are_read",
            ),
            models.CheckConstraint(
                condition=Q(state="read", read_at__isnull=False, form__gt="") | (~Q(state="read") & Q(read_at=None)),
                name="feedback_read_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="refused", refusal__gt="") | (~Q(state="refused") & Q(refusal="")),
                name="feedback_refused_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"Bounce file {self.number}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def is_under_way(self) -> bool:
        return self.state == self.State.RECEIVED


class FeedbackItemQuerySet(EngagementPartQuerySet["FeedbackItem"]):
    def since(self, moment: datetime) -> FeedbackItemQuerySet:
        """Of events from then on; where an event has no time of its own, that of its taking counts."""
        return self.filter(day__gte=moment.date())


class FeedbackItem(models.Model):
    """One failure, delay or complaint about one recipient. `identity` keeps the same event from counting twice."""

    class Kind(models.TextChoices):
        FAILED = "failed", "Failed"
        DELAYED = "delayed", "Delayed"
        ARRIVED = "arrived", "Arrived"
        COMPLAINT = "complaint", "Complaint"
        REPORT = "report", "Report"

    class Source(models.TextChoices):
        DSN = "dsn", "Delivery report"
        NOTICE = "notice", "Bounce in words"
        ARF = "arf", "Feedback loop"
        POWERMTA = "powermta", "PowerMTA"
        KUMOMTA = "kumomta", "KumoMTA"

    class Action(models.TextChoices):
        HARD = "hard", "Do not write again"
        SOFT = "soft", "May get through later"
        BLOCK = "block", "Sender has to change something"
        INVESTIGATE = "investigate", "Look into it"
        IGNORE = "ignore", "Nothing to do"
        REVIEW = "review", "Read it"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    identity = models.CharField(max_length=64)
    kind = models.CharField(max_length=9, choices=Kind)
    source = models.CharField(max_length=8, choices=Source)
    recipient = models.CharField(max_length=320, blank=True)
    original_recipient = models.CharField(max_length=320, blank=True)
    sender = models.CharField(max_length=320, blank=True)
    message_id = models.TextField(blank=True)
    trace = models.CharField(max_length=1000, blank=True)
    queue_id = models.TextField(blank=True)
    mta = models.TextField(blank=True)
    remote_mta = models.TextField(blank=True)
    status = models.CharField(max_length=12, blank=True)
    reply = models.CharField(max_length=3, blank=True)
    diagnostic = models.TextField(blank=True)
    mta_category = models.TextField(blank=True)
    feedback_type = models.CharField(max_length=40, blank=True)
    list_id = models.CharField(max_length=80, blank=True)
    happened_at = models.DateTimeField(null=True, blank=True)
    day = models.DateField()  # of what happened, or of its taking where nothing says when
    provider = models.CharField(max_length=80)
    category = models.CharField(max_length=40)
    action = models.CharField(max_length=11, choices=Action)
    rule = models.CharField(max_length=60)
    file = models.ForeignKey(FeedbackFile, null=True, blank=True, on_delete=models.PROTECT, related_name="items")
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = FeedbackItemQuerySet.as_manager()

    class Meta:
        ordering = ["engagement", "-day", "-pk"]
        triggers = append_only("feedback_item_append_only")
        constraints = [models.UniqueConstraint(fields=["engagement", "identity"], name="feedback_item_once")]
        indexes = [
            models.Index(fields=["engagement", "-day", "-id"], name="feedback_by_day"),
            models.Index(fields=["engagement", "category", "-day"], name="feedback_by_category"),
            models.Index(fields=["engagement", "recipient"], name="feedback_by_recipient"),
            HashIndex(fields=["message_id"], name="feedback_by_message_id"),  # of any length
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"


class SuppressionQuerySet(EngagementPartQuerySet["Suppression"]):
    def counting(self) -> SuppressionQuerySet:
        """The latest row of each address and scope."""
        own = self.order_by("engagement_id", "address", "scope", "-id").distinct("engagement_id", "address", "scope")
        return self.model.objects.filter(pk__in=own.values("pk"))

    def standing(self) -> SuppressionQuerySet:
        return self.counting().filter(is_lifted=False)


class Suppression(models.Model):
    """An address that is not written to, or that this ended. Nothing is changed: the latest row counts."""

    class Source(models.TextChoices):
        BOUNCE = "bounce", "Bounce"
        COMPLAINT = "complaint", "Complaint"
        IMPORT = "import", "Imported list"
        PERSON = "person", "Person"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=320)  # in small letters
    scope = models.CharField(max_length=80, blank=True)  # a stream or list; empty for all mail
    source = models.CharField(max_length=9, choices=Source)
    reason = models.TextField()
    item = models.ForeignKey(FeedbackItem, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    is_lifted = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        ordering = ["engagement", "-pk"]
        triggers = append_only("suppression_append_only")
        constraints = [
            models.CheckConstraint(condition=Q(reason__gt=""), name="suppression_says_why"),
            models.CheckConstraint(
                condition=Q(is_lifted=False) | Q(source="person", item=None), name="suppression_lifted_by_a_person"
            ),
        ]
        indexes = [models.Index(F("engagement"), F("address"), F("scope"), F("id").desc(), name="suppression_latest")]

    def __str__(self) -> str:
        return f"Suppression {self.pk}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"
