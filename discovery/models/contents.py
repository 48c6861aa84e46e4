from django.db import models

from discovery.estate import jump_to
from discovery.models.parts import UploadPart, UploadPartQuerySet


class StoredFile(UploadPart):
    """One text file of a bundle with its secrets masked. `sha256` is of the masked bytes."""

    path = models.CharField(max_length=300)
    content = models.BinaryField()
    byte_count = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    encoding = models.CharField(max_length=12)

    objects = UploadPartQuerySet["StoredFile"].as_manager()

    class Meta:
        ordering = ["upload", "path"]
        constraints = [models.UniqueConstraint(fields=["upload", "path"], name="stored_file_path_once")]
        # By its beginning, whatever the database sorts by.
        indexes = [models.Index(fields=["sha256"], opclasses=["varchar_pattern_ops"], name="stored_file_digest")]

    def __str__(self) -> str:
        return self.path

    @property
    def text(self) -> str:
        return bytes(self.content).decode(self.encoding)


class SkippedMember(UploadPart):
    """A member of the bundle that was not read, with the sentence that says why."""

    path = models.TextField()
    reason = models.TextField()

    objects = UploadPartQuerySet["SkippedMember"].as_manager()

    class Meta:
        ordering = ["upload", "pk"]

    def __str__(self) -> str:
        return self.path


class HiddenSecret(UploadPart):
    """Where a secret was masked. The fingerprint tells two secrets apart without saying what they are."""

    path = models.CharField(max_length=300)
    line = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    fingerprint = models.CharField(max_length=128)

    objects = UploadPartQuerySet["HiddenSecret"].as_manager()

    class Meta:
        ordering = ["upload", "path", "line"]

    def __str__(self) -> str:
        return f"{self.kind} in {self.path}:{self.line}"

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}"

    @property
    def jump(self) -> str:
        return jump_to(self.line)
