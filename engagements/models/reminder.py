from __future__ import annotations

from django.conf import settings
from django.db import models

from core.triggers import append_only
from engagements.models.gate import Gate
from engagements.models.visible import GatePartQuerySet


class Reminder(models.Model):
    """A reminder that went out: once each to a person about a thing that began to wait at `since`."""

    class Kind(models.TextChoices):
        FIRST = "first", "First reminder"
        SECOND = "second", "Second reminder"
        ESCALATION = "escalation", "Escalation to the lead"
        STANDSTILL = "standstill", "Gate stands still"

    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="reminders")
    about = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    since = models.DateTimeField()
    sent_at = models.DateTimeField()

    objects = GatePartQuerySet["Reminder"].as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["gate", "about", "kind", "since"], name="reminder_once_each")]
        triggers = append_only("reminder_append_only")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.about} at {self.gate}"

    @property
    def audit_chain(self) -> str:
        return self.gate.audit_chain
