"""The pre-flight of gate 2: what DNS was asked and answered, and what people stated. All of it is written once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.triggers import append_only
from discovery.models import TranslationSet
from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet


class PreflightRun(models.Model):
    """One round of questions to DNS about a set of generated files. `set_digest` is of all its files."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    translation = models.ForeignKey(TranslationSet, on_delete=models.PROTECT, related_name="+")
    set_digest = models.CharField(max_length=64)
    resolver = models.CharField(max_length=200, blank=True)  # empty where none is set
    outcomes = models.JSONField()  # [{"check", "subject", "state", "said", "asked": [[name, kind]]}]
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = EngagementPartQuerySet["PreflightRun"].as_manager()

    class Meta:
        ordering = ["engagement", "-number"]
        triggers = append_only("preflight_run_append_only")
        constraints = [models.UniqueConstraint(fields=["engagement", "number"], name="preflight_run_number_once")]

    def __str__(self) -> str:
        return f"Pre-flight {self.number}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"


class DnsAnswerQuerySet(EngagementPartQuerySet["DnsAnswer"]):
    path_to_engagement = "run__engagement"


class DnsAnswer(models.Model):
    """One question and its answer, or why there was none."""

    class Found(models.TextChoices):
        FOUND = "found", "Found"
        NONE = "none", "There is none"
        UNKNOWN = "unknown", "Not known"

    run = models.ForeignKey(PreflightRun, on_delete=models.PROTECT, related_name="answers")
    name = models.TextField()
    kind = models.CharField(max_length=10)
    found = models.CharField(max_length=7, choices=Found)
    values = models.JSONField()  # [text]
    why = models.TextField(blank=True)
    asked_at = models.DateTimeField()

    objects = DnsAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["run", "pk"]
        triggers = append_only("dns_answer_append_only")
        constraints = [
            models.UniqueConstraint(fields=["run", "name", "kind"], name="dns_answer_once"),
            models.CheckConstraint(
                condition=Q(Q(found="found"), ~Q(values=[])) | Q(~Q(found="found"), Q(values=[])),
                name="dns_answer_found_has_values",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.kind}"

    @property
    def audit_chain(self) -> str:
        return self.run.audit_chain


class PreflightStatement(models.Model):
    """What a person says of a check, with what shows it. It is about one set of files; the latest counts."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    check_key = models.CharField(max_length=40)
    set_digest = models.CharField(max_length=64)
    note = models.TextField()
    evidence = models.TextField()
    is_withdrawn = models.BooleanField(default=False)
    stated_at = models.DateTimeField()
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = EngagementPartQuerySet["PreflightStatement"].as_manager()

    class Meta:
        ordering = ["engagement", "check_key", "-pk"]
        triggers = append_only("preflight_statement_append_only")
        constraints = [
            models.CheckConstraint(
                condition=Q(note__gt="") & (Q(evidence__gt="") | Q(is_withdrawn=True)),
                name="preflight_statement_shows_something",
            ),
        ]

    def __str__(self) -> str:
        return f"Statement on {self.check_key}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"


class SelectorKey(models.Model):
    """The public key of a new selector, as it was made on the new host. The latest of a record's name counts."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    record_name = models.TextField()
    public_key = models.TextField()  # base64 without blanks
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = EngagementPartQuerySet["SelectorKey"].as_manager()

    class Meta:
        ordering = ["engagement", "record_name", "-pk"]
        triggers = append_only("selector_key_append_only")

    def __str__(self) -> str:
        return self.record_name

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"
