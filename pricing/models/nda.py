from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django_fsm import ConcurrentTransitionMixin, FSMField, FSMModelMixin, transition

from engagements.models import Engagement, FrozenDocument
from engagements.models.evidence import SignatureEvidence
from engagements.models.visible import EngagementPartQuerySet
from pricing.calculation.clock import due_at
from pricing.holds import holds_of
from pricing.in_force import book_at, hours_at
from pricing.models.nda_constraints import NDA_CONSTRAINTS, NDA_TRIGGERS, SIGNATURE_CONSTRAINTS, SIGNATURE_TRIGGERS
from pricing.nda_moves import CURRENT, MOVES

if TYPE_CHECKING:
    from datetime import datetime

    from pricing.calculation.clock import Interval


def _arguments(move: str) -> dict[str, Any]:
    sources, target = MOVES[move]
    return {"field": "state", "source": list(sources), "target": target}


class NdaQuerySet(EngagementPartQuerySet["Nda"]):
    def current(self) -> Self:
        """The one that counts, of each engagement that has one."""
        return self.filter(state__in=CURRENT)

    def pending(self) -> Self:
        return self.filter(state__in=[Nda.State.IN_REVIEW, Nda.State.OPEN])


class Nda(ConcurrentTransitionMixin, FSMModelMixin, models.Model):
    """The bilateral NDA of an engagement: one text, signed by both sides. A later one takes the place of an earlier."""

    class Kind(models.TextChoices):
        OURS = "ours", "The practice's text"
        THEIRS = "theirs", "The customer's text"
        PAPER = "paper", "Signed outside the portal"

    class State(models.TextChoices):
        IN_REVIEW = "in_review", "In review"
        OPEN = "open", "Open for signature"
        SIGNED = "signed", "Signed"
        SENT_BACK = "sent_back", "Sent back"
        REPLACED = "replaced", "Replaced"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="ndas")
    number = models.PositiveSmallIntegerField()  # counts the NDAs of an engagement
    kind = models.CharField(max_length=6, choices=Kind)
    state = FSMField(choices=State, protected=True)
    digest = models.CharField(max_length=64)  # SHA-256 of the PDF
    byte_count = models.PositiveIntegerField()
    filename = models.CharField(max_length=200)
    document = models.OneToOneField(
        FrozenDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="nda"
    )  # the practice's text as it was drawn; other PDFs lie sealed in NdaFile
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    clock_started_at = models.DateTimeField(null=True, blank=True)  # when the customer asked for it, or signed it
    clock_stopped_at = models.DateTimeField(null=True, blank=True)  # when the practice signed it or sent it back
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)  # why it was sent back, or why it was signed on paper
    signed_on = models.DateField(null=True, blank=True)  # the day that stands on the paper

    objects = NdaQuerySet.as_manager()

    class Meta:
        ordering = ["engagement", "-number"]
        verbose_name = "NDA"
        constraints = NDA_CONSTRAINTS
        triggers = NDA_TRIGGERS

    def __str__(self) -> str:
        return f"NDA {self.number} of {self.engagement.code}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def clock_due_at(self) -> datetime | None:
        """When the practice has to have signed; None while nothing is asked for, or the engagement is held."""
        started = self.clock_started_at
        return None if started is None else due_at(started, self.promise, pauses=self.holds, hours=hours_at(started))

    @property
    def holds(self) -> list[Interval]:
        return holds_of(self.engagement)

    @property
    def promise(self) -> timedelta:
        """How long the practice may take, as it was promised when the clock started."""
        return timedelta(hours=book_at(self.clock_started_at or self.asked_at).thresholds["nda_hours"])

    @property
    def is_clock_running(self) -> bool:
        return self.clock_started_at is not None and self.clock_stopped_at is None

    @transition(**_arguments("accept"))
    def accept(self) -> None:
        """The practice takes the customer's text: both may sign it."""

    @transition(**_arguments("send_back"))
    def send_back(self) -> None:
        """The practice does not take the customer's text, and says why."""

    @transition(**_arguments("conclude"))
    def conclude(self) -> None:
        """Both sides have signed."""

    @transition(**_arguments("replace"))
    def replace(self) -> None:
        """Another one takes its place."""


class NdaFileQuerySet(models.QuerySet["NdaFile"]):
    def visible_to(self, user: object) -> Self:  # noqa: ARG002 (the same for everybody)
        """Nobody: the bytes are read through the NDA, unsealed."""
        return self.none()


class NdaFile(models.Model):
    """The PDF of an NDA that did not come from the practice, encrypted."""

    nda = models.OneToOneField(Nda, on_delete=models.PROTECT, related_name="file", primary_key=True)
    sealed = models.BinaryField()

    objects = NdaFileQuerySet.as_manager()

    class Meta:
        triggers = SIGNATURE_TRIGGERS["file"]

    def __str__(self) -> str:
        return f"PDF of {self.nda}"

    @property
    def audit_chain(self) -> str:
        return self.nda.audit_chain


class NdaPartQuerySet(EngagementPartQuerySet["NdaSignature"]):
    path_to_engagement = "nda__engagement"


class NdaSignature(SignatureEvidence):
    """The signature of one side under an NDA. Never changed or deleted."""

    class Side(models.TextChoices):
        PRACTICE = "practice", "Practice"
        CUSTOMER = "customer", "Customer"

    nda = models.ForeignKey(Nda, on_delete=models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=8, choices=Side)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="nda_signatures")

    objects = NdaPartQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = SIGNATURE_CONSTRAINTS
        triggers = SIGNATURE_TRIGGERS["signature"]

    def __str__(self) -> str:
        return f"{self.reference}: {self.signer_label}"

    @property
    def audit_chain(self) -> str:
        return self.nda.audit_chain
