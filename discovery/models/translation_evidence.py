"""What shows that a set can be read by its target: our own check of its files, and what the target itself printed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.triggers import append_only
from discovery.models.translation import TranslationPart, TranslationPartQuerySet, TranslationSet
from discovery.syntax import Verdict


class SyntaxCheck(TranslationPart):
    """One run of the syntax check. `set_digest` is of all files of the set; the newest run of a set speaks."""

    translation = models.ForeignKey(TranslationSet, on_delete=models.PROTECT, related_name="syntax_checks")
    tool = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    set_digest = models.CharField(max_length=64)
    exit_status = models.PositiveSmallIntegerField()
    file_count = models.PositiveIntegerField()
    line_count = models.PositiveIntegerField()  # of all that stands against it; `lines` may hold fewer
    lines = models.JSONField()  # sentences, each with its file and line
    checked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = TranslationPartQuerySet["SyntaxCheck"].as_manager()

    class Meta:
        ordering = ["translation", "-pk"]
        triggers = append_only("syntax_check_append_only")
        constraints = [
            models.CheckConstraint(
                condition=Q(exit_status=0, line_count=0) | Q(exit_status__gt=0, line_count__gt=0),
                name="syntax_check_fails_with_reasons",
            ),
        ]

    def __str__(self) -> str:
        return f"Syntax check of translation {self.translation.number}"

    @property
    def has_passed(self) -> bool:
        return self.exit_status == 0

    @property
    def left_off(self) -> int:
        """Lines that were counted and not kept."""
        return self.line_count - len(self.lines)


class StartOutput(TranslationPart):
    """What the target's own check printed on the customer's host, as somebody attached it; secrets are masked."""

    class Verdict(models.TextChoices):
        PASSED = Verdict.PASSED.value, "Passed"
        FAILED = Verdict.FAILED.value, "Failed"
        NOT_JUDGED = Verdict.NOT_JUDGED.value, "Not judged"

    translation = models.ForeignKey(TranslationSet, on_delete=models.PROTECT, related_name="start_outputs")
    set_digest = models.CharField(max_length=64)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)  # of the text as it was sent
    byte_count = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10, choices=Verdict)
    verdict_line = models.TextField(blank=True)  # the line it was taken from
    attached_at = models.DateTimeField()
    attached_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = TranslationPartQuerySet["StartOutput"].as_manager()

    class Meta:
        ordering = ["translation", "-pk"]
        triggers = append_only("start_output_append_only")
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="not judged", verdict_line="")
                | (~Q(verdict="not judged") & Q(verdict_line__gt="")),
                name="start_output_says_what_settled_it",
            ),
        ]

    def __str__(self) -> str:
        return f"Output attached to translation {self.translation.number}"
