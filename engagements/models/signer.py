"""Who has to sign, in which order, and who stands in for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from core.triggers import append_only
from engagements.models.document import FrozenDocument
from engagements.models.gate import Gate
from engagements.models.visible import GatePartQuerySet
from engagements.triggers import SIGNER_IS_THE_CUSTOMERS

if TYPE_CHECKING:
    from typing import Self

MOST_TURNS = 9


class RequiredSignerQuerySet(GatePartQuerySet["RequiredSigner"]):
    def unsigned(self) -> Self:
        signoffs = apps.get_model("engagements", "SignOff").objects
        own = signoffs.filter(document=OuterRef("document"), signed_by=OuterRef("user"))
        return self.filter(~Exists(own))

    def whose_turn_it_is(self) -> Self:
        """Those who have not signed while everybody before them has."""
        before = RequiredSigner.objects.unsigned().filter(document=OuterRef("document"), turn__lt=OuterRef("turn"))
        return self.unsigned().filter(~Exists(before))


class RequiredSigner(models.Model):
    """Who has to sign a document, settled when it was put up for signature. Those of one turn sign in any order.

    `asked_at` is when their turn came and they were asked; until then they wait for the turns before theirs.
    """

    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="required_signers")
    document = models.ForeignKey(FrozenDocument, on_delete=models.PROTECT, related_name="required_signers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="required_signatures")
    turn = models.PositiveSmallIntegerField(default=1)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)

    objects = RequiredSignerQuerySet.as_manager()

    class Meta:
        ordering = ["turn", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["document", "user"], name="required_signer_once"),
            models.CheckConstraint(condition=Q(turn__range=(1, MOST_TURNS)), name="required_signer_turn_is_1_to_9"),
            models.CheckConstraint(condition=~Q(user=F("named_by")), name="required_signer_is_named_by_another"),
        ]
        triggers = [SIGNER_IS_THE_CUSTOMERS]

    def __str__(self) -> str:
        return f"{self.user} for {self.document}"


class Delegation(models.Model):
    """A signer's word that a colleague signs this phase in their place, and why."""

    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="delegations")
    document = models.ForeignKey(FrozenDocument, on_delete=models.PROTECT, related_name="delegations")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    reason = models.TextField()

    objects = GatePartQuerySet["Delegation"].as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(given_by=F("given_to")), name="delegation_to_somebody_else"),
            models.CheckConstraint(condition=Q(reason__gt=""), name="delegation_says_why"),
        ]
        triggers = append_only("delegation_append_only")

    def __str__(self) -> str:
        return f"{self.given_to} for {self.given_by} at {self.gate}"

    @property
    def audit_chain(self) -> str:
        return self.gate.audit_chain
