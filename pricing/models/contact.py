from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.permissions import is_staff
from core.constraints import together
from engagements.models.visible import EngagementPartQuerySet
from pricing.links import token_digest, token_of
from pricing.models.quote import Quote

if TYPE_CHECKING:
    from accounts.models import User


def new_seed() -> str:
    return secrets.token_hex(16)


class QuoteContactQuerySet(EngagementPartQuerySet["QuoteContact"]):
    path_to_engagement = "quote__engagement"

    def visible_to(self, user: User) -> Self:
        """Whether a mail arrived and a page was opened is the practice's own note."""
        return super().visible_to(user) if is_staff(user) else self.none()

    def for_token(self, token: str) -> Self:
        """Whom a link was made for. The link is the permission: nobody else knows it."""
        return self.filter(token_digest=token_digest(token))


class QuoteContact(models.Model):
    """Somebody a quote lies before: an address with a link of its own, and what became of the mail to it."""

    class Origin(models.TextChoices):
        DUTY = "duty", "May accept quotes"
        REQUEST = "request", "Contact of the request"
        FORWARD = "forward", "Forwarded"

    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="contacts")
    email = models.EmailField("e-mail", max_length=254)
    full_name = models.CharField(max_length=120)
    origin = models.CharField(max_length=8, choices=Origin)
    seed = models.CharField(max_length=32, default=new_seed, editable=False)
    token_digest = models.CharField(max_length=64, unique=True)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    first_opened_at = models.DateTimeField(null=True, blank=True)
    last_opened_at = models.DateTimeField(null=True, blank=True)
    open_count = models.PositiveIntegerField(default=0)

    # A bounce that somebody read in their own mailbox. What the mail server refuses at once stands in the outbox.
    bounced_at = models.DateTimeField(null=True, blank=True)
    bounced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    bounce_note = models.CharField(max_length=400, blank=True)

    person = models.ForeignKey(  # who proved that the address is theirs, by a code
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proved_at = models.DateTimeField(null=True, blank=True)
    renewal_asked_at = models.DateTimeField(null=True, blank=True)

    objects = QuoteContactQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("quote", Lower("email"), name="quote_contact_once_an_address"),
            together("first_opened_at", "last_opened_at", name="quote_contact_opened_whole"),
            models.CheckConstraint(
                condition=Q(open_count=0, first_opened_at__isnull=True)
                | Q(open_count__gt=0, first_opened_at__isnull=False),
                name="quote_contact_opened_as_counted",
            ),
            together("bounced_at", "bounced_by", name="quote_contact_bounced_whole"),
            models.CheckConstraint(
                condition=Q(bounced_at__isnull=True, bounce_note="") | Q(bounced_at__isnull=False) & ~Q(bounce_note=""),
                name="quote_contact_bounced_with_its_note",
            ),
            together("person", "proved_at", name="quote_contact_proved_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.full_name} <{self.email}>"

    @property
    def token(self) -> str:
        return token_of(self.seed)

    @property
    def audit_chain(self) -> str:
        return self.quote.audit_chain
