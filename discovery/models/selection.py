from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.constraints import together
from discovery.selection.sensitivity import CERTAINTY_LABELS, Certainty
from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet


class SelectionAnswer(models.Model):
    """What was answered to one variable of the vendor selection, as it stands; earlier answers are in the ledger.

    A dispute says that somebody reads the answer otherwise. It ends when the variable is answered again.
    """

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="selection_answers")
    variable = models.CharField(max_length=30)
    choice = models.CharField(max_length=20)
    certainty = models.CharField(max_length=10, choices=list(CERTAINTY_LABELS.items()), default=Certainty.STATED)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()
    dispute = models.TextField(blank=True)
    disputed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    disputed_at = models.DateTimeField(null=True, blank=True)

    objects = EngagementPartQuerySet["SelectionAnswer"].as_manager()

    class Meta:
        ordering = ["engagement", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "variable"], name="selection_answer_one_a_variable"),
            models.CheckConstraint(condition=~Q(choice=""), name="selection_answer_says_something"),
            together("disputed_by", "disputed_at", name="selection_disputed_whole"),
            models.CheckConstraint(
                condition=Q(dispute="", disputed_at=None) | (Q(dispute__gt="") & Q(disputed_at__isnull=False)),
                name="selection_dispute_has_its_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variable}: {self.choice}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def is_disputed(self) -> bool:
        return self.disputed_at is not None
