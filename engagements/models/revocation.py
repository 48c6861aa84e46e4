from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.triggers import append_only
from engagements.models.evidence import SignatureEvidence
from engagements.models.signing import SignOff
from engagements.models.visible import EngagementPartQuerySet
from engagements.triggers import REVOKED_BY_WHO_SIGNED


class RevocationQuerySet(EngagementPartQuerySet["Revocation"]):
    path_to_engagement = "signoff__gate__engagement"


class Revocation(SignatureEvidence):
    """A signed act that takes a signature back. The signature itself stays as it was written."""

    signoff = models.OneToOneField(SignOff, on_delete=models.PROTECT, related_name="revocation")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="revocations")
    reason = models.TextField()

    objects = RevocationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(reason__gt=""), name="revocation_says_why")]
        triggers = [*append_only("revocation_append_only"), REVOKED_BY_WHO_SIGNED]

    def __str__(self) -> str:
        return f"{self.reference} revokes {self.signoff.reference}"

    @property
    def audit_chain(self) -> str:
        return self.signoff.audit_chain
