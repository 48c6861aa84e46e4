"""What every fact read out of an upload has in common."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef

from discovery.models.upload import Upload
from engagements.models.visible import EngagementPartQuerySet

F = TypeVar("F", bound=models.Model)


class UploadPartQuerySet(EngagementPartQuerySet[F]):
    """Facts of an upload are seen by whoever sees its engagement."""

    path_to_engagement = "upload__engagement"

    def in_order(self) -> UploadPartQuerySet[F]:
        """As they stood in the files: rows are stored in the order in which they were read."""
        return self.order_by("pk")

    def said_today(self) -> Self:
        """Of the uploads that speak for their hosts, as `Upload.objects.current()` has them, asked row by row."""
        later = Upload.objects.telling().filter(
            engagement=OuterRef("upload__engagement"),
            host_label=OuterRef("upload__host_label"),
            number__gt=OuterRef("upload__number"),
        )
        return self.filter(~Exists(later), upload__in=Upload.objects.telling())


class UploadPart(models.Model):
    """A row that was read from one upload and is never changed afterwards."""

    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True

    @property
    def audit_chain(self) -> str:
        return self.upload.audit_chain


class Fact(UploadPart):
    """A fact with the place it was read from: path inside the upload and line, counted from 1 (0: no single line)."""

    file = models.TextField(blank=True)
    line = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def place(self) -> str:
        """`etc/postfix/main.cf:118`, as people cite it."""
        return f"{self.file}:{self.line}" if self.line else self.file
