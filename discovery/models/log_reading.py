from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from discovery.models.unread_file import UnreadFile
from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet


class LogReadingQuerySet(EngagementPartQuerySet["LogReading"]):
    def read(self) -> LogReadingQuerySet:
        return self.filter(state=LogReading.State.READ)


class LogReading(models.Model):
    """One mail log of one host and what it says. Its bytes live only until they are read."""

    class State(models.TextChoices):
        RECEIVED = "received", "Received"
        READ = "read", "Read"
        REFUSED = "refused", "Refused"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="log_readings")
    number = models.PositiveIntegerField()
    filename = models.CharField(max_length=200)
    host_label = models.CharField(max_length=80)
    zone = models.CharField(max_length=40)  # as in the IANA database; days and hours are of this zone
    sha256 = models.CharField(max_length=64)  # of the bytes as they were sent
    byte_count = models.PositiveBigIntegerField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    job = models.ForeignKey("core.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    unread = models.OneToOneField(
        UnreadFile, null=True, blank=True, on_delete=models.PROTECT, related_name="log_reading"
    )
    state = models.CharField(max_length=8, choices=State, default=State.RECEIVED)
    refusal = models.TextField(blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    covered_from = models.CharField(max_length=16, blank=True)  # the first hour, "2026-11-02 09:00" in `zone`
    covered_to = models.CharField(max_length=16, blank=True)  # the last one
    line_count = models.PositiveBigIntegerField(default=0)
    understood_count = models.PositiveBigIntegerField(default=0)
    strange_count = models.PositiveBigIntegerField(default=0)  # about messages, and not understood
    figures = models.JSONField(default=dict)  # discovery.maillog.Figures.as_json()

    objects = LogReadingQuerySet.as_manager()

    class Meta:
        ordering = ["engagement", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="log_number_once"),
            models.UniqueConstraint(
                fields=["engagement", "host_label", "sha256"],
                condition=~Q(state="refused"),
                name="log_counted_once",
            ),
            models.CheckConstraint(
                condition=Q(state="read", read_at__isnull=False) | (~Q(state="read") & Q(read_at=None)),
                name="log_read_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="received", unread__isnull=False) | (~Q(state="received") & Q(unread=None)),
                name="log_bytes_until_it_is_read",
            ),
            models.CheckConstraint(
                condition=Q(state="refused", refusal__gt="") | (~Q(state="refused") & Q(refusal="")),
                name="log_refused_says_why",
            ),
            models.CheckConstraint(
                condition=Q(line_count__gte=F("understood_count") + F("strange_count")),
                name="log_lines_add_up",
            ),
        ]

    def __str__(self) -> str:
        return f"Mail log {self.number} of {self.host_label}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def is_under_way(self) -> bool:
        return self.state == self.State.RECEIVED

    @property
    def related_count(self) -> int:
        """Lines about messages, understood or not."""
        return self.understood_count + self.strange_count


class LogPartQuerySet(EngagementPartQuerySet["LogDay"]):
    path_to_engagement = "reading__engagement"


class LogHourQuerySet(EngagementPartQuerySet["LogHour"]):
    path_to_engagement = "reading__engagement"


class LogDay(models.Model):
    """Recipients outside on one day at one provider; `deferred` counts attempts that were put off."""

    reading = models.ForeignKey(LogReading, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    provider = models.CharField(max_length=80)
    delivered = models.PositiveBigIntegerField()
    bounced = models.PositiveBigIntegerField()
    deferred = models.PositiveBigIntegerField()

    objects = LogPartQuerySet.as_manager()

    class Meta:
        ordering = ["reading", "day", "provider"]
        constraints = [models.UniqueConstraint(fields=["reading", "day", "provider"], name="log_day_once")]

    def __str__(self) -> str:
        return f"{self.provider} on {self.day}"

    @property
    def audit_chain(self) -> str:
        return self.reading.audit_chain


class LogHour(models.Model):
    """Recipients outside in one hour by the clock of the host. Without a provider: all of them, as once was kept.

    Without a stream: those of whom the log does not tell it, as all of them once were kept. The rows of an hour add up.
    """

    reading = models.ForeignKey(LogReading, on_delete=models.PROTECT, related_name="hours")
    day = models.DateField()
    hour = models.PositiveSmallIntegerField()
    provider = models.CharField(max_length=80, blank=True)
    stream = models.CharField(max_length=80, blank=True)  # the domain of the sender
    delivered = models.PositiveBigIntegerField()
    bounced = models.PositiveBigIntegerField()
    deferred = models.PositiveBigIntegerField()

    objects = LogHourQuerySet.as_manager()

    class Meta:
        ordering = ["reading", "day", "hour", "provider", "stream"]
        constraints = [
            models.UniqueConstraint(fields=["reading", "day", "hour", "provider", "stream"], name="log_hour_once"),
            models.CheckConstraint(condition=Q(hour__lte=23), name="log_hour_of_the_clock"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} at {self.hour:02}:00 on {self.day}"

    @property
    def audit_chain(self) -> str:
        return self.reading.audit_chain
