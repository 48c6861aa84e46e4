import hashlib

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models.membership import Duty, Membership
from accounts.models.organization import Organization
from accounts.models.visible import OrganizationPartQuerySet
from core.constraints import together
from core.models import FailingAddress


class InvitationQuerySet(OrganizationPartQuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())

    def with_reach(self) -> "InvitationQuerySet":
        """`is_unreached`: mail to the invited address comes back."""
        failing = FailingAddress.objects.filter(address=Lower(models.OuterRef("email")))
        return self.annotate(is_unreached=models.Exists(failing))

    def for_token(self, token: str) -> "InvitationQuerySet":
        return self.filter(token_digest=hashlib.sha256(token.encode()).hexdigest())


class Invitation(models.Model):
    """A seat kept for an address. The token is mailed once and stored only as its digest."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField("e-mail", max_length=254)
    full_name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=12, choices=Membership.Role)
    duties = models.JSONField(default=list, blank=True)  # [[kind, phase or null], ...]
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="invitations_sent")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations_accepted"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [together("accepted_at", "accepted_by", name="invitation_accepted_whole")]

    def __str__(self) -> str:
        return f"Invitation of {self.email} to {self.organization}"

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def duty_labels(self) -> list[str]:
        return [str(Duty(kind=kind, phase=phase)) for kind, phase in self.duties]
