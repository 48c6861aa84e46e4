from __future__ import annotations

from typing import TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


class UnseenQuerySet(models.QuerySet[Row]):
    def visible_to(self, user: object) -> UnseenQuerySet[Row]:  # noqa: ARG002 (the same for everybody)
        """Nobody: the lines name people and are never served."""
        return self.none()


class UnreadFile(models.Model):
    """A large file as it was sent, in sealed pieces, from the moment it arrives until it is read."""

    objects = UnseenQuerySet["UnreadFile"].as_manager()

    def __str__(self) -> str:
        return f"unread file {self.pk}"


class UnreadPiece(models.Model):
    """Some of its bytes, encrypted: neither side ever needs all of them in memory."""

    file = models.ForeignKey(UnreadFile, on_delete=models.PROTECT, related_name="pieces")
    position = models.PositiveIntegerField()
    sealed = models.BinaryField()

    objects = UnseenQuerySet["UnreadPiece"].as_manager()

    class Meta:
        ordering = ["file", "position"]
        constraints = [models.UniqueConstraint(fields=["file", "position"], name="unread_piece_once")]

    def __str__(self) -> str:
        return f"piece {self.position} of {self.file}"
