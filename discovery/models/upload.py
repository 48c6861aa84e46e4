from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, TruncDate

from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet

if TYPE_CHECKING:
    from datetime import datetime


# By the day it speaks of; without one, by the day it was handed over.
LATEST_FIRST = (Coalesce("collected_on", TruncDate("uploaded_at", tzinfo=UTC)).desc(), "-number")


class UploadQuerySet(EngagementPartQuerySet["Upload"]):
    def read(self) -> UploadQuerySet:
        return self.filter(state=Upload.State.READ)

    def latest_first(self) -> UploadQuerySet:
        """Host by host."""
        return self.order_by("host_label", *LATEST_FIRST)

    def telling(self) -> UploadQuerySet:
        """Those that were read and say something of their own."""
        return self.read().filter(same_as=None, older_than=None)

    def current(self) -> UploadQuerySet:
        """The upload that speaks for each host: together they are the inventory.

        An upload that only repeats the one before it says nothing of its own; the earlier one keeps speaking. Nor
        does one that shows the host as it was before another: so the highest number is that of the latest day.
        """
        return self._latest(self.read())

    def current_at(self, moment: datetime) -> UploadQuerySet:
        """What `current` was at that moment."""
        return self._latest(self.read().filter(read_at__lte=moment))

    def _latest(self, read: UploadQuerySet) -> UploadQuerySet:
        own = read.telling().order_by("engagement_id", "host_label", "-number")
        latest = own.distinct("engagement_id", "host_label")
        return self.model.objects.filter(pk__in=latest.values("pk")).order_by("host_label")


class Upload(models.Model):
    """One bundle that somebody handed over for one host. Its bytes live only until they are read."""

    class State(models.TextChoices):
        RECEIVED = "received", "Received"
        READ = "read", "Read"
        REFUSED = "refused", "Refused"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="uploads")
    number = models.PositiveIntegerField()
    filename = models.CharField(max_length=200)
    host_label = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)  # of the bytes as they were sent
    byte_count = models.PositiveIntegerField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    job = models.ForeignKey("core.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.RECEIVED)
    refusal = models.TextField(blank=True)
    bundle_digest = models.CharField(max_length=64, blank=True)  # over all paths and contents, after masking
    reader_digest = models.CharField(max_length=64, blank=True)  # of the parser and rules it was read with
    read_at = models.DateTimeField(null=True, blank=True)
    collected_on = models.DateField("collected on", null=True, blank=True)  # the day it speaks of
    same_as = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="repeats")
    # Of an earlier day than this one, which was read before it.
    older_than = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Counted once, when the bundle was read: lists show them for many uploads at a time.
    file_count = models.PositiveIntegerField(default=0)
    skipped_count = models.PositiveIntegerField(default=0)
    problem_count = models.PositiveIntegerField(default=0)
    secret_count = models.PositiveIntegerField(default=0)
    new_count = models.PositiveIntegerField(default=0)  # of findings, like the next two
    changed_count = models.PositiveIntegerField(default=0)
    gone_count = models.PositiveIntegerField(default=0)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["engagement", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="upload_number_once"),
            models.CheckConstraint(
                condition=Q(state="read", read_at__isnull=False) | (~Q(state="read") & Q(read_at=None)),
                name="upload_read_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="refused", refusal__gt="") | (~Q(state="refused") & Q(refusal="")),
                name="upload_refused_says_why",
            ),
            models.CheckConstraint(
                condition=Q(same_as=None) | (Q(state="read") & ~Q(same_as=F("id"))),
                name="upload_repeats_another",
            ),
            models.CheckConstraint(
                condition=Q(older_than=None) | (Q(state="read", same_as=None) & ~Q(older_than=F("id"))),
                name="upload_older_than_another",
            ),
        ]

    def __str__(self) -> str:
        return f"Upload {self.number} of {self.host_label}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def is_under_way(self) -> bool:
        return self.state == self.State.RECEIVED


class UnreadContentQuerySet(models.QuerySet["UnreadContent"]):
    def visible_to(self, user: object) -> UnreadContentQuerySet:  # noqa: ARG002 (the same for everybody)
        """Nobody: the bytes hold secrets and are never served."""
        return self.none()


class UnreadContent(models.Model):
    """The bytes as they were sent, encrypted, from the moment they arrive until they are read; then the row goes."""

    upload = models.OneToOneField(Upload, on_delete=models.PROTECT, related_name="unread_content", primary_key=True)
    sealed = models.BinaryField()

    objects = UnreadContentQuerySet.as_manager()

    def __str__(self) -> str:
        return f"unread bytes of {self.upload}"

    @property
    def audit_chain(self) -> str:
        return self.upload.audit_chain
