from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from discovery.dossiers.book import Field, asked_of
from discovery.estate import jump_to
from discovery.models.upload import Upload
from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet


class Dossier(models.Model):
    """What is known of a milter, policy daemon, script or other program of the customer's own.

    A column holds what a person stated; `read` what the files told, as {field: [[text, file, line], ...]}, which counts
    until somebody states something. `found_as` and `found_name` are what it is recognised by in the next upload, and
    empty for a component that no upload ever showed.
    """

    class Kind(models.TextChoices):
        MILTER = "milter", "Milter"
        POLICY = "policy", "Policy daemon"
        BOUNCES = "bounces", "Bounce processor"
        FEEDBACK = "feedback", "Feedback loop script"
        CRON = "cron", "Timed work on the queue"
        PIPE = "pipe", "Pipe transport program"
        SCRIPT = "script", "Script"
        OTHER = "other", "Other"

    class Source(models.TextChoices):
        AVAILABLE = "available", "Available"
        LOST = "lost", "Not available"
        UNKNOWN = "unknown", "Not known"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="dossiers")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=300)
    host_label = models.CharField("host", max_length=80, blank=True)

    owner = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=120, blank=True)
    line_count = models.PositiveIntegerField("lines of source", null=True, blank=True)
    source = models.CharField(max_length=9, choices=Source, default=Source.UNKNOWN)
    inputs = models.TextField(blank=True)
    outputs = models.TextField(blank=True)
    feeds = models.TextField(blank=True)
    schedule = models.CharField(max_length=200, blank=True)
    breaks = models.TextField(blank=True)
    replacement = models.TextField(blank=True)
    note = models.TextField(blank=True)

    found_as = models.CharField(max_length=8, blank=True)
    found_name = models.TextField(blank=True)
    found_digest = models.CharField(max_length=64, blank=True)  # of found_name, which may be longer than an index takes
    read = models.JSONField(default=dict, blank=True)
    evidence = models.JSONField(default=list, blank=True)  # [what, file, line]
    last_seen = models.ForeignKey(Upload, null=True, blank=True, on_delete=models.PROTECT, related_name="dossiers")
    gone_since = models.ForeignKey(
        Upload, null=True, blank=True, on_delete=models.PROTECT, related_name="closed_dossiers"
    )

    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    objects = EngagementPartQuerySet["Dossier"].as_manager()

    class Meta:
        ordering = ["engagement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="dossier_number_once"),
            models.UniqueConstraint(
                fields=["engagement", "name", "host_label"],
                condition=Q(found_as=""),
                name="dossier_named_once",
            ),
            models.UniqueConstraint(
                fields=["engagement", "host_label", "found_as", "found_digest"],
                condition=~Q(found_as=""),
                name="dossier_found_once",
            ),
            models.CheckConstraint(
                condition=Q(found_as="", found_digest="", last_seen=None, gone_since=None)
                | (Q(found_digest__gt="", last_seen__isnull=False) & ~Q(found_as="")),
                name="dossier_found_in_an_upload",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.name}"

    @property
    def reference(self) -> str:
        return f"D-{self.number:03}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def is_found(self) -> bool:
        return bool(self.found_as)

    @property
    def is_gone(self) -> bool:
        return self.gone_since_id is not None

    @classmethod
    def longest(cls, key: str) -> int | None:
        """How much the column of a field takes; None for a text without a limit."""
        return getattr(cls._meta.get_field(key), "max_length", None)

    def stated(self, key: str) -> str:
        """What a person wrote about a field, or empty."""
        value = getattr(self, key)
        if key == "source":
            return "" if value == self.Source.UNKNOWN else str(value)
        return "" if value is None else str(value)

    def told(self, key: str) -> str:
        """What the files say about a field, or empty."""
        return "; ".join(text for text, _, _ in self.read.get(key, []))

    def known(self, key: str) -> str:
        """What counts: what a person stated, else what was read."""
        return self.stated(key) or self.told(key)

    @property
    def unknown(self) -> list[Field]:
        """The fields that nobody stated and no file tells."""
        return [field for field in asked_of(self.kind) if field.counts and not self.known(field.key)]

    @property
    def unconfirmed(self) -> list[Field]:
        """The fields that are only read so far."""
        return [field for field in asked_of(self.kind) if self.told(field.key) and not self.stated(field.key)]

    @property
    def disputed(self) -> list[Field]:
        """The short fields that people state otherwise than the files do; a text may well say more than a line."""
        asked = [field for field in asked_of(self.kind) if not field.long and self.stated(field.key)]
        return [field for field in asked if self.told(field.key) not in {"", self.stated(field.key)}]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The evidence as links: what a line shows, its place, and how to jump there."""
        return [
            {"what": what, "file": file, "place": f"{file}:{line}" if line else file, "jump": jump_to(line)}
            for what, file, line in self.evidence
        ]
