"""What somebody reserves when they sign: conditions with a date, and parts that are not approved yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.triggers import append_only
from engagements.models.evidence import ActOrigin
from engagements.models.gate import GateTask
from engagements.models.signing import SignOff
from engagements.models.visible import EngagementPartQuerySet

if TYPE_CHECKING:
    from typing import Self


class ConditionQuerySet(EngagementPartQuerySet["Condition"]):
    path_to_engagement = "signoff__gate__engagement"

    def in_force(self) -> Self:
        """Done or not, as long as nobody let it fall."""
        return self.filter(task__fell_at=None)

    def open(self) -> Self:
        return self.in_force().filter(task__done_at=None)


class Condition(models.Model):
    """What has to be done by a date for a signature to stand. It is a task of the next gate and keeps that one shut."""

    signoff = models.ForeignKey(SignOff, on_delete=models.PROTECT, related_name="conditions")
    task = models.OneToOneField(GateTask, on_delete=models.PROTECT, related_name="condition")
    text = models.TextField()
    due_on = models.DateField()

    objects = ConditionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(text__gt=""), name="condition_says_what")]
        triggers = append_only("condition_append_only")

    def __str__(self) -> str:
        return f"Condition of {self.signoff.reference}: {self.text[:60]}"

    @property
    def audit_chain(self) -> str:
        return self.signoff.audit_chain


class HeldPartQuerySet(EngagementPartQuerySet["HeldPart"]):
    path_to_engagement = "signoff__gate__engagement"

    def in_force(self) -> Self:
        """Not released, and of a signature that nobody revoked and no later one took the place of."""
        return self.filter(release=None, signoff__revocation=None, signoff__replaced_by=None)


class HeldPart(models.Model):
    """A part of the work, such as a stream, that a signature did not approve. The rest goes on."""

    signoff = models.ForeignKey(SignOff, on_delete=models.PROTECT, related_name="held_parts")
    key = models.CharField(max_length=80)
    label = models.CharField(max_length=160)
    reason = models.TextField()

    objects = HeldPartQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["signoff", "key"], name="held_part_once_a_signature"),
            models.CheckConstraint(condition=Q(reason__gt=""), name="held_part_says_why"),
        ]
        triggers = append_only("held_part_append_only")

    def __str__(self) -> str:
        return f"{self.label} held by {self.signoff.reference}"

    @property
    def audit_chain(self) -> str:
        return self.signoff.audit_chain


class PartReleaseQuerySet(EngagementPartQuerySet["PartRelease"]):
    path_to_engagement = "held__signoff__gate__engagement"


class PartRelease(ActOrigin):
    """The approval that was held back, given later, with a fresh proof of who gave it."""

    held = models.OneToOneField(HeldPart, on_delete=models.PROTECT, related_name="release")
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField()
    authenticated_at = models.DateTimeField()
    note = models.TextField(blank=True)

    objects = PartReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        triggers = append_only("part_release_append_only")

    def __str__(self) -> str:
        return f"{self.held.label} released"

    @property
    def audit_chain(self) -> str:
        return self.held.audit_chain
