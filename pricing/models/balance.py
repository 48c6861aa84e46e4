from django.conf import settings
from django.db import models
from django.db.models import Q

from core.triggers import append_only
from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet


class BalanceEntry(models.Model):
    """A readout call, or minutes of questions, booked on what the plan's fee includes.

    `units` are calls or minutes, below zero in an entry that takes another one back. `left` is what remained of the
    kind afterwards; an entry on the practice's cost takes nothing.
    """

    class Kind(models.TextChoices):
        CALL = "call", "Readout call"
        QUESTIONS = "questions", "Questions"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="balance_entries")
    kind = models.CharField(max_length=9, choices=Kind)
    units = models.IntegerField()
    is_on_us = models.BooleanField("on the practice's cost", default=False)
    left = models.PositiveIntegerField()
    on_day = models.DateField()
    with_whom = models.CharField(max_length=200)
    note = models.TextField()
    undoes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone")
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    booked_at = models.DateTimeField()

    objects = EngagementPartQuerySet["BalanceEntry"].as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "balance entries"
        constraints = [
            models.CheckConstraint(
                condition=Q(undoes=None, units__gt=0) | Q(undoes__isnull=False, units__lt=0),
                name="balance_entry_books_or_takes_back",
            ),
            models.CheckConstraint(condition=~Q(note=""), name="balance_entry_says_what"),
        ]
        triggers = append_only("balance_entry_append_only")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.on_day}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"
