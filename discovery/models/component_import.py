from django.conf import settings
from django.db import models

from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet


class ComponentImport(models.Model):
    """A CSV file of components that was taken, kept as it was sent but for secrets, which are masked."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="component_imports")
    number = models.PositiveIntegerField()
    filename = models.CharField(max_length=200)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)  # of the bytes as they were sent
    row_count = models.PositiveIntegerField()
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()

    objects = EngagementPartQuerySet["ComponentImport"].as_manager()

    class Meta:
        ordering = ["engagement", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="component_import_number_once"),
            models.CheckConstraint(condition=models.Q(row_count__gt=0), name="component_import_has_rows"),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"
