from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.permissions import is_staff
from pricing.models.request import Request

if TYPE_CHECKING:
    from accounts.models import User

_PURPOSE = "pricing.intake"


def digest_of_token(token: str) -> str:
    """Keyed: whoever reads the table can neither open a link nor try out guesses against it."""
    return salted_hmac(_PURPOSE, token, algorithm="sha256").hexdigest()


class IntakeQuerySet(models.QuerySet["Intake"]):
    def visible_to(self, user: User) -> Self:
        """What was sent, for whoever sees the request. What was not sent yet belongs to whoever has the link."""
        return self.filter(request__in=Request.objects.visible_to(user)) if is_staff(user) else self.none()

    def for_token(self, token: str) -> Self:
        digest = digest_of_token(token)
        return self.filter(Q(token_digest=digest) | Q(mailed_digest=digest))

    def unfinished(self) -> Self:
        return self.filter(request=None, erased_at=None)

    def forgotten(self) -> Self:
        """Never sent, and not touched for as long as they are kept."""
        return self.unfinished().filter(expires_at__lte=timezone.now())


class Intake(models.Model):
    """A request as a visitor of the website types it, step by step, without an account. The link is the key.

    `typed` holds the words of each step as they were typed, so that coming back shows exactly those. What is sent for a
    request that is there already is a claim: anybody can write an address. It counts once the contact confirms it by a
    second link, which was mailed and shown to nobody.
    """

    token_digest = models.CharField(max_length=64, unique=True)
    typed: models.JSONField[dict[str, dict[str, str]], dict[str, dict[str, str]]] = models.JSONField(
        default=dict, blank=True
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    request = models.ForeignKey(Request, null=True, blank=True, on_delete=models.PROTECT, related_name="intakes")
    sent_at = models.DateTimeField(null=True, blank=True)
    is_joined = models.BooleanField(default=False)  # sent again within a day: added to a request that was there
    mailed_digest = models.CharField(max_length=64, blank=True)  # of the second link
    claim: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    company = models.CharField(max_length=100, blank=True)
    contact_email = models.EmailField("contact's e-mail", max_length=254, blank=True)

    objects = IntakeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(request__isnull=True, sent_at__isnull=True, company="", contact_email="")
                | Q(request__isnull=False, sent_at__isnull=False, erased_at__isnull=True),
                name="intake_sent_whole",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(typed={}), name="intake_erased_holds_no_words"
            ),
            models.CheckConstraint(
                condition=Q(is_joined=True) | Q(mailed_digest="", claim={}, confirmed_at__isnull=True),
                name="intake_only_a_joined_one_claims",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(mailed_digest__gt=""), name="intake_confirmed_by_its_mail"
            ),
            models.UniqueConstraint(
                fields=["mailed_digest"], condition=Q(mailed_digest__gt=""), name="intake_mailed_link_once"
            ),
        ]
        indexes = [models.Index(fields=["contact_email", "sent_at"], name="intake_sent_lately")]

    def __str__(self) -> str:
        return f"Request {self.pk} of the website"

    @property
    def audit_chain(self) -> str:
        return self.request.audit_chain if self.request else ""

    @property
    def is_sent(self) -> bool:
        return self.request_id is not None

    @property
    def is_claim(self) -> bool:
        """Whether it waits for the contact to say that it is theirs."""
        return self.mailed_digest != "" and self.confirmed_at is None

    def is_mailed(self, token: str) -> bool:
        """Whether this is the link that went to the contact's mailbox and nowhere else."""
        return self.mailed_digest == digest_of_token(token)

    def opens_request(self, token: str) -> bool:
        """Whether this link shows the request and moves its call.

        The link of whoever sent first does, as long as the contact has confirmed nothing that came later: from then on
        there are words of somebody proven in it.
        """
        if self.request is None or self.is_mailed(token):
            return True
        return not self.is_joined and not self.request.intakes.filter(confirmed_at__isnull=False).exists()

    @property
    def is_closed(self) -> bool:
        """Whether the link no longer opens anything."""
        return self.erased_at is not None or self.expires_at <= timezone.now()

    def step(self, name: str) -> dict[str, Any] | None:
        """The words of a step; None as long as nobody has been there."""
        return self.typed.get(name)
