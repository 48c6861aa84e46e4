from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django_fsm import ConcurrentTransitionMixin, FSMField, FSMModelMixin, transition

from core.constraints import together
from core.languages import FIRST, LANGUAGES
from core.triggers import append_only
from engagements.models.engagement import Engagement
from engagements.models.visible import EngagementPartQuerySet, GatePartQuerySet
from engagements.steps import PHASE_LABELS, STEPS, Subject, legal_moves
from engagements.triggers import GATE_SIGNED_BY_EVERYBODY

if TYPE_CHECKING:
    from typing import Self


def _arguments(name: str) -> dict[str, Any]:
    step = STEPS[name]
    return {"field": "state", "source": list(step.source), "target": step.target}


class GateQuerySet(EngagementPartQuerySet["Gate"]):
    def with_document(self) -> GateQuerySet:
        """The document that counts, without its pages and what they were made of, which can be megabytes."""
        heavy = ("current_document__pdf", "current_document__snapshot")
        return self.select_related("current_document").defer(*heavy)


class Gate(ConcurrentTransitionMixin, FSMModelMixin, models.Model):
    """What has to be true, done and signed before the next phase begins. Five to an engagement."""

    class State(models.TextChoices):
        LOCKED = "locked", "Cannot start yet"
        OPEN = "open", "Open"
        SUBMITTED = "submitted", "Waiting for signatures"
        CHANGES_REQUESTED = "changes_requested", "Changes requested"
        SIGNED = "signed", "Signed"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="gates")
    number = models.PositiveSmallIntegerField()
    state = FSMField(choices=State, default=State.LOCKED, protected=True)
    current_document = models.ForeignKey(
        "engagements.FrozenDocument", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # What its next document is written in: asked for when it is built, and that of the phase before until then.
    language = models.CharField(max_length=2, choices=LANGUAGES, default=FIRST)
    external_reference = models.CharField(max_length=80, blank=True)  # the customer's own change number

    objects = GateQuerySet.as_manager()

    class Meta:
        ordering = ["engagement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="gate_one_per_phase"),
            models.CheckConstraint(condition=Q(number__range=(1, 5)), name="gate_number_is_1_to_5"),
            models.CheckConstraint(condition=Q(language__in=list(LANGUAGES)), name="gate_language_is_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "signed"]) | Q(current_document__isnull=False),
                name="gate_is_signed_over_a_document",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="gate_legal_moves", field="state", transitions=legal_moves(Subject.GATE)),
            pgtrigger.Trigger(
                name="gate_begins_locked",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__state="locked"),
                func="RAISE EXCEPTION 'A gate begins locked';",
            ),
            GATE_SIGNED_BY_EVERYBODY,
        ]

    def __str__(self) -> str:
        return f"Gate {self.number} of {self.engagement.code}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def label(self) -> str:
        return PHASE_LABELS[self.number]

    @transition(**_arguments("open_gate"))
    def open_gate(self) -> None:
        """Its phase has begun."""

    @transition(**_arguments("submit_gate"))
    def submit_gate(self) -> None:
        """A frozen document waits for signatures."""

    @transition(**_arguments("request_changes"))
    def request_changes(self) -> None:
        """A signer wants a different document."""

    @transition(**_arguments("sign_gate"))
    def sign_gate(self) -> None:
        """Every required signer has signed the current document."""

    @transition(**_arguments("revoke_gate"))
    def revoke_gate(self) -> None:
        """A signer took their signature back."""

    @transition(**_arguments("reopen_gate"))
    def reopen_gate(self) -> None:
        """What was signed is no longer what holds."""


class GateTaskQuerySet(GatePartQuerySet["GateTask"]):
    def in_force(self) -> Self:
        """Without the conditions that their signer let fall, or that fell with a revoked signature."""
        return self.filter(fell_at=None)


class GateTask(models.Model):
    """Work that a person does and ticks. System checks are computed and never stand here."""

    class Party(models.TextChoices):
        CONSULTANCY = "consultancy", "Consultancy"
        CUSTOMER = "customer", "Customer"
        JOINT = "joint", "Both"

    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="tasks")
    key = models.CharField(max_length=60)
    title = models.CharField(max_length=160)
    explanation = models.TextField(blank=True)
    party = models.CharField(max_length=12, choices=Party)
    position = models.PositiveSmallIntegerField(default=0)
    due_on = models.DateField(null=True, blank=True)
    evidence = models.TextField(blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)
    fell_at = models.DateTimeField(null=True, blank=True)  # of a condition alone: since when nobody sets it any more

    objects = GateTaskQuerySet.as_manager()

    class Meta:
        ordering = ["gate", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["gate", "key"], name="gate_task_once_a_key"),
            together("done_by", "done_at", name="gate_task_done_whole"),
            models.CheckConstraint(
                condition=models.Q(fell_at=None) | models.Q(key__startswith="condition-"),
                name="gate_task_falls_as_a_condition",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_chain(self) -> str:
        return self.gate.audit_chain

    @property
    def is_done(self) -> bool:
        return self.done_at is not None


class CheckOverride(models.Model):
    """A lead's decision to pass a system check that does not hold. Printed on the document that is signed."""

    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="overrides")
    check_key = models.CharField(max_length=60)
    reason = models.TextField()
    said = models.JSONField(default=list)  # the sentences the check gave when it was overridden
    overridden_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    overridden_at = models.DateTimeField()

    objects = GatePartQuerySet["CheckOverride"].as_manager()

    class Meta:
        ordering = ["gate", "pk"]
        triggers = append_only("check_override_append_only")

    def __str__(self) -> str:
        return f"{self.check_key} overridden at {self.gate}"

    @property
    def audit_chain(self) -> str:
        return self.gate.audit_chain
