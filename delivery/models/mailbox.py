"""Mailboxes that take bounces and complaints and are read over IMAP."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.components import Status, StatusKind
from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet


class Mailbox(models.Model):
    """`last_uid` is the last message whose items are stored; it means something under `uid_validity` alone."""

    class Port(models.IntegerChoices):
        TLS = 993, "993, TLS from the start"
        STARTTLS = 143, "143, STARTTLS"

    class State(models.TextChoices):
        NEW = "new", "Not looked at yet"
        GOOD = "good", "Reads"
        FAILED = "failed", "Cannot be read"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField(choices=Port)
    username = models.CharField(max_length=320)
    folder = models.CharField(max_length=200)
    sealed_password = models.BinaryField()
    uid_validity = models.BigIntegerField(null=True, blank=True)
    last_uid = models.BigIntegerField(default=0)
    is_paused = models.BooleanField(default=False)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    state = models.CharField(max_length=6, choices=State, default=State.NEW)
    said = models.TextField(blank=True)  # what the last look was like
    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    due_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)  # the last round that came to its end
    read_count = models.PositiveBigIntegerField(default=0)
    new_count = models.PositiveBigIntegerField(default=0)
    strange = models.JSONField(default=list)  # [[UID, sentence]], the latest few

    objects = EngagementPartQuerySet["Mailbox"].as_manager()

    class Meta:
        ordering = ["engagement", "number"]
        verbose_name_plural = "mailboxes"
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="mailbox_number_once"),
            models.UniqueConstraint(fields=["engagement", "host", "username", "folder"], name="mailbox_once"),
            models.CheckConstraint(condition=Q(port__in=(993, 143)), name="mailbox_port_with_tls"),
            models.CheckConstraint(condition=~Q(state="failed") | Q(said__gt=""), name="mailbox_failed_says_why"),
        ]

    def __str__(self) -> str:
        return f"Mailbox {self.number}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def status(self) -> Status:
        if self.is_paused:
            return Status(StatusKind.NOT_STARTED, "Paused")
        kinds = {"new": StatusKind.NOT_STARTED, "good": StatusKind.COMPLETED, "failed": StatusKind.PROBLEM}
        return Status(kinds[self.state], self.get_state_display())
