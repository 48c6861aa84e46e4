"""What becomes of a configuration on a target: written once, a new set each time uploads or dictionary have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When

from core.triggers import append_only
from discovery.estate import jump_to
from discovery.models.upload import Upload
from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet

if TYPE_CHECKING:
    from typing import Self

M = TypeVar("M", bound=models.Model)


class TranslationSetQuerySet(EngagementPartQuerySet["TranslationSet"]):
    def newest_of_each(self) -> Self:
        """The newest set of each target of an engagement."""
        newest = self.order_by("engagement_id", "target", "-number").distinct("engagement_id", "target")
        return self.filter(pk__in=newest.values("pk"))


class TranslationSet(models.Model):
    """All hosts of an engagement on one target: one map and one count, for effort counts a construct once."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="translations")
    number = models.PositiveIntegerField()
    target = models.CharField(max_length=10, choices=Engagement.Target)
    translator_digest = models.CharField(max_length=64)  # of the parser, the dictionary and the emitters
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    construct_count = models.PositiveIntegerField()
    written_count = models.PositiveIntegerField()
    left_count = models.PositiveIntegerField()  # told in NOT-TRANSLATED.md with the reason
    dropped_count = models.PositiveIntegerField()
    counted_count = models.PositiveIntegerField()  # all that is not of the class "dropped"
    covered_count = models.PositiveIntegerField()  # native and rewrite
    unclassified_count = models.PositiveIntegerField()  # these block the plan
    changing_count = models.PositiveIntegerField()  # of another class on another target
    usual = models.CharField(max_length=20, blank=True)  # "lower than usual" outside the band
    person_days = models.DecimalField(max_digits=8, decimal_places=1)
    level = models.CharField(max_length=4)
    coverage = models.JSONField()  # discovery.translation.coverage.Coverage.as_json()
    inputs_digest = models.CharField(max_length=64, blank=True)  # of the overrides in force and the measured traffic
    versions = models.JSONField(default=list)  # [{"product", "version"}] it was written against, and of each host

    objects = TranslationSetQuerySet.as_manager()

    class Meta:
        ordering = ["engagement", "-number"]
        triggers = append_only("translation_set_append_only")
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="translation_number_once"),
            models.CheckConstraint(
                condition=Q(construct_count=F("written_count") + F("left_count") + F("dropped_count")),
                name="translation_fates_add_up",
            ),
            models.CheckConstraint(
                condition=Q(construct_count__gte=F("counted_count"))
                & Q(counted_count__gte=F("covered_count") + F("unclassified_count")),
                name="translation_classes_add_up",
            ),
        ]

    def __str__(self) -> str:
        return f"Translation {self.number} to {self.get_target_display()}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100 means all."""
        return self.covered_count * 100 // self.counted_count if self.counted_count else None


class TranslationPartQuerySet(EngagementPartQuerySet[M]):
    path_to_engagement = "translation__engagement"


class TranslationPart(models.Model):
    """What belongs to one set."""

    class Meta:
        abstract = True

    @property
    def audit_chain(self) -> str:
        return str(self.translation.audit_chain)  # type: ignore[attr-defined]  # each subclass has its own related name


class TranslationSource(TranslationPart):
    """One of the uploads a set was made from: the one that spoke for its host. `folder` holds the files of the host."""

    translation = models.ForeignKey(TranslationSet, on_delete=models.PROTECT, related_name="sources")
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="translation_sources")
    folder = models.CharField(max_length=100)

    objects = TranslationPartQuerySet["TranslationSource"].as_manager()

    class Meta:
        ordering = ["translation", "folder"]
        triggers = append_only("translation_source_append_only")
        constraints = [
            models.UniqueConstraint(fields=["translation", "upload"], name="translation_source_once"),
            models.UniqueConstraint(fields=["translation", "folder"], name="translation_folder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.upload} in {self.folder}"


class TranslatedFile(TranslationPart):
    """One generated file, with the folder of its host."""

    translation = models.ForeignKey(TranslationSet, on_delete=models.PROTECT, related_name="files")
    path = models.TextField()
    content = models.BinaryField()
    byte_count = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    objects = TranslationPartQuerySet["TranslatedFile"].as_manager()

    class Meta:
        ordering = ["translation", "path"]
        triggers = append_only("translated_file_append_only")
        constraints = [models.UniqueConstraint(fields=["translation", "path"], name="translated_file_path_once")]
        indexes = [models.Index(fields=["sha256"], opclasses=["varchar_pattern_ops"], name="translated_file_digest")]

    def __str__(self) -> str:
        return self.path

    @property
    def text(self) -> str:
        return bytes(self.content).decode("utf-8", "replace")


class TranslatedConstructQuerySet(TranslationPartQuerySet["TranslatedConstruct"]):
    def blocking_first(self) -> Self:
        """What nobody has classified, then the rest in the order of the files."""
        unclassified = When(letter=TranslatedConstruct.Letter.UNCLASSIFIED, then=Value(0))
        return self.order_by(Case(unclassified, default=Value(1)), "number")


class TranslatedConstruct(TranslationPart):
    """A row of the map. `key` is the same in every set as long as the construct is there, whatever its value."""

    class Letter(models.TextChoices):
        UNCLASSIFIED = "not classified", "Not classified"
        GAP = "X", "Gap"
        CUSTOM = "C", "Custom"
        REWRITE = "R", "Rewrite"
        NATIVE = "N", "Native"
        DROPPED = "dropped", "Dropped"

    class Fate(models.TextChoices):
        WRITTEN = "written", "Written"
        LEFT = "not translated", "Not translated"
        DROPPED = "dropped", "Dropped"

    translation = models.ForeignKey(TranslationSet, on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField()
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=16)
    kind = models.CharField(max_length=30)
    name = models.TextField()
    subject = models.TextField(blank=True)
    instance = models.TextField()
    file = models.TextField(blank=True)
    line = models.PositiveIntegerField()
    line_count = models.PositiveIntegerField()
    value = models.TextField(blank=True)
    text_digest = models.CharField(max_length=64, blank=True)  # of every line that says it
    letter = models.CharField(max_length=14, choices=Letter)
    letters = models.JSONField()  # the class on every target of the dictionary
    is_changing = models.BooleanField()  # whether those differ
    fate = models.CharField(max_length=14, choices=Fate)
    names = models.JSONField()  # what the target calls it
    emitted = models.JSONField()  # [{"file", "line", "text"}]
    loss = models.TextField(blank=True)  # what changes for mail
    reasons = models.JSONField()  # why nothing, or not all of it, is written
    override = models.JSONField(default=dict)  # discovery.translation.overrides.Override.as_json(), or nothing
    traffic = models.JSONField(default=dict)  # discovery.translation.traffic.Traffic.as_json()

    objects = TranslatedConstructQuerySet.as_manager()

    class Meta:
        ordering = ["translation", "number"]
        triggers = append_only("translated_construct_append_only")
        constraints = [
            models.UniqueConstraint(fields=["translation", "number"], name="translated_number_once"),
            models.UniqueConstraint(fields=["translation", "upload", "key"], name="translated_key_once"),
            models.CheckConstraint(
                condition=Q(Q(fate="written"), ~Q(emitted=[])) | Q(~Q(fate="written"), Q(emitted=[])),
                name="translated_written_has_lines",
            ),
            models.CheckConstraint(
                condition=Q(fate="written") | ~Q(reasons=[]), name="translated_nothing_without_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(letter__in=["not classified", "X", "C", "R", "N", "dropped"]),
                name="translated_class_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.subject})" if self.subject else self.name

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file

    @property
    def jump(self) -> str:
        return jump_to(self.line)

    @property
    def is_open(self) -> bool:
        """Whether the customer has to decide something."""
        return self.letter in {self.Letter.CUSTOM, self.Letter.GAP}
