"""The handoff pack of an engagement, and what another portal's pack was restored to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from accounts.permissions import consultancy_role
from core.models import ChainHead
from core.triggers import append_only
from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet, M

if TYPE_CHECKING:
    from typing import Self

    from accounts.models import User


class HandoffPack(models.Model):
    """The newest pack of an engagement. Another one takes its place; the same records give the same bytes."""

    engagement = models.OneToOneField(Engagement, on_delete=models.PROTECT, related_name="+")
    content = models.BinaryField()
    byte_count = models.PositiveBigIntegerField()
    file_count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    head_sequence = models.PositiveBigIntegerField()  # where the ledger ended when it was made
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = EngagementPartQuerySet["HandoffPack"].as_manager()

    class Meta:
        ordering = ["engagement"]

    def __str__(self) -> str:
        return f"Handoff pack of {self.engagement.code}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    def events_since(self) -> int:
        """How many events of the ledger it does not hold. A query."""
        head = ChainHead.objects.filter(chain=self.audit_chain).values_list("sequence", flat=True).first() or 0
        return head - self.head_sequence


class RestoredQuerySet(models.QuerySet["RestoredEngagement"]):
    def visible_to(self, user: User) -> Self:
        """Another portal's customers are the affair of who answers for the practice."""
        return self.all() if consultancy_role(user) in {"owner", "lead"} else self.none()


class RestoredEngagement(models.Model):
    """An engagement of another portal, as its handoff pack tells it. Nothing in it is ever changed.

    `code` is what it is called here, `origin_code` what it was called there. `manifest` and `seal` are those portal's.
    """

    code = models.CharField(max_length=20, unique=True)
    origin_code = models.CharField(max_length=20)
    customer = models.CharField(max_length=120)
    manifest = models.BinaryField()
    seal = models.BinaryField()
    key = models.CharField(max_length=64)  # fingerprint of the portal that sealed the pack
    head = models.CharField(max_length=64)  # of its ledger
    shape = models.JSONField(default=dict)  # engagement.json without its rows: {"format", "code", "tables": [names]}
    digest = models.CharField(max_length=64, unique=True)  # of the manifest: the same pack is restored once
    made_at = models.DateTimeField()
    restored_at = models.DateTimeField()
    restored_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = RestoredQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        triggers = append_only("restored_engagement_append_only")

    def __str__(self) -> str:
        return f"{self.code}, {self.customer}"


class RestoredPartQuerySet(models.QuerySet[M]):
    def visible_to(self, user: User) -> Self:
        return self.filter(restored__in=RestoredEngagement.objects.visible_to(user))


class RestoredRow(models.Model):
    """One row of a table of engagement.json, or a line of the ledger and of the lists beside it, in their order."""

    restored = models.ForeignKey(RestoredEngagement, on_delete=models.PROTECT, related_name="rows")
    table = models.CharField(max_length=60)
    position = models.PositiveIntegerField()
    fields = models.JSONField()

    objects = RestoredPartQuerySet["RestoredRow"].as_manager()

    class Meta:
        ordering = ["restored", "table", "position"]
        triggers = append_only("restored_row_append_only")
        constraints = [models.UniqueConstraint(fields=["restored", "table", "position"], name="restored_row_once")]

    def __str__(self) -> str:
        return f"{self.table} {self.position}"


class RestoredFile(models.Model):
    """A file of the pack that is not made of rows: a document, a runbook, a configuration, a table for people."""

    restored = models.ForeignKey(RestoredEngagement, on_delete=models.PROTECT, related_name="files")
    path = models.TextField()
    content = models.BinaryField()
    byte_count = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    objects = RestoredPartQuerySet["RestoredFile"].as_manager()

    class Meta:
        ordering = ["restored", "path"]
        triggers = append_only("restored_file_append_only")
        constraints = [models.UniqueConstraint(fields=["restored", "path"], name="restored_file_once")]

    def __str__(self) -> str:
        return self.path
