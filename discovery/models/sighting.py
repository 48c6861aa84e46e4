from __future__ import annotations

from django.db import models

from discovery.estate import jump_to
from discovery.models.finding import Finding
from discovery.models.parts import Fact, UploadPartQuerySet


class Sighting(Fact):
    """What one upload said of one finding, kept so that any two uploads can be compared later."""

    class Change(models.TextChoices):
        NEW = "new", "New"
        SAME = "same", "As before"
        CHANGED = "changed", "Its line changed"
        RETURNED = "returned", "Back again"
        GONE = "gone", "Gone"

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="sightings")
    change = models.CharField(max_length=8, choices=Change)
    fingerprint = models.CharField(max_length=128)

    objects = UploadPartQuerySet["Sighting"].as_manager()

    class Meta:
        ordering = ["upload", "finding"]
        constraints = [models.UniqueConstraint(fields=["upload", "finding"], name="sighting_once_an_upload")]

    def __str__(self) -> str:
        return f"{self.finding.reference} in {self.upload}: {self.get_change_display()}"

    @property
    def jump(self) -> str:
        return jump_to(self.line)
