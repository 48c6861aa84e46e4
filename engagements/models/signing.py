from __future__ import annotations

from django.conf import settings
from django.db import models

from core.triggers import append_only
from engagements.models.document import FrozenDocument
from engagements.models.evidence import SignatureEvidence
from engagements.models.gate import Gate
from engagements.models.visible import GatePartQuerySet
from engagements.triggers import SIGNED_BY_WHOSE_TURN_IT_IS


class SignOff(SignatureEvidence):
    """A signature on the document of a gate. Never changed or deleted."""

    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="signoffs")
    document = models.ForeignKey(FrozenDocument, on_delete=models.PROTECT, related_name="signoffs")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signoffs")
    replaces = models.OneToOneField(  # the signature on an earlier version that this one takes the place of
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    external_reference = models.CharField(max_length=80, blank=True)  # the customer's change number at that moment
    named_by = models.CharField(max_length=520, blank=True)  # who had given the duty to sign, and of which side

    objects = GatePartQuerySet["SignOff"].as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["document", "signed_by"], name="signoff_once_a_person")]
        triggers = [*append_only("signoff_append_only"), SIGNED_BY_WHOSE_TURN_IT_IS]

    def __str__(self) -> str:
        return f"{self.reference}: {self.signer_label}"

    @property
    def audit_chain(self) -> str:
        return self.gate.audit_chain


class StaleMark(models.Model):
    """Says of a signature that its document no longer tells what holds, and which facts moved."""

    signoff = models.ForeignKey(SignOff, on_delete=models.PROTECT, related_name="stale_marks")
    marked_at = models.DateTimeField()
    changes = models.JSONField()  # list of sentences

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["signoff"], name="stale_mark_once")]
        triggers = append_only("stale_mark_append_only")

    def __str__(self) -> str:
        return f"{self.signoff.reference} is stale"


class ChangeRequest(models.Model):
    """A signer's answer other than a signature, in their words."""

    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="change_requests")
    document = models.ForeignKey(FrozenDocument, on_delete=models.PROTECT, related_name="change_requests")
    reason = models.TextField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()

    objects = GatePartQuerySet["ChangeRequest"].as_manager()

    class Meta:
        ordering = ["-pk"]
        triggers = append_only("change_request_append_only")

    def __str__(self) -> str:
        return f"Changes requested on {self.document}"

    @property
    def audit_chain(self) -> str:
        return self.gate.audit_chain
