from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django_fsm import ConcurrentTransitionMixin, FSMField, FSMModelMixin, transition

from accounts.permissions import is_staff
from engagements.models import Engagement, FrozenDocument
from engagements.models.visible import EngagementPartQuerySet
from pricing.models.money import money_field
from pricing.models.quote_constraints import CONSTRAINTS, TRIGGERS
from pricing.moves import MOVES

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User


def _arguments(move: str) -> dict[str, Any]:
    sources, target = MOVES[move]
    return {"field": "state", "source": list(sources), "target": target}


class QuoteQuerySet(EngagementPartQuerySet["Quote"]):
    def visible_to(self, user: User) -> Self:
        """Customers see a quote from the moment it was sent to them; drafts are the practice's."""
        visible = super().visible_to(user)
        return visible if is_staff(user) else visible.filter(sent_at__isnull=False)

    def open(self) -> Self:
        return self.filter(state=Quote.State.SENT, valid_until__gte=timezone.now())

    def agreed(self) -> Self:
        """Accepted, latest first: the first is what holds for an engagement, the others are what it amended."""
        return self.filter(state=Quote.State.ACCEPTED).order_by("-accepted_at", "-pk")

    def overdue(self) -> Self:
        return self.filter(state=Quote.State.SENT, valid_until__lt=timezone.now())


class Quote(ConcurrentTransitionMixin, FSMModelMixin, models.Model):
    """A fixed-fee offer. A draft follows the data points; once sent it is frozen, and a change is a new revision."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SENT = "sent", "Open"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        EXPIRED = "expired", "Expired"
        SUPERSEDED = "superseded", "Superseded"
        WITHDRAWN = "withdrawn", "Withdrawn"
        VOIDED = "voided", "Void"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="quotes")
    number = models.CharField(max_length=16)
    revision = models.PositiveSmallIntegerField(default=1)
    reference = models.CharField(max_length=20, unique=True)
    # The accepted quote in whose place this one is offered; that one stays as it was accepted.
    amends = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="amendments")
    state = FSMField(choices=State, default=State.DRAFT, protected=True)
    tier_key = models.CharField(max_length=20)
    tier_label = models.CharField(max_length=40)
    fee = money_field()
    total = money_field()
    calculation = models.CharField(max_length=12)
    snapshot = models.JSONField()  # data points, diagnosis, reasons and terms as they were put into the quote
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_to = models.CharField(max_length=400, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)  # last moment of the last day where the customer is
    document = models.OneToOneField(
        FrozenDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="quote"
    )

    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="accepted_quotes"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the document that was on screen
    acceptor_label = models.CharField(max_length=250, blank=True)
    receipt = models.CharField(max_length=20, blank=True)
    po_number = models.CharField("PO number", max_length=60, blank=True)
    consent_text = models.TextField(blank=True)
    consent_version = models.CharField(max_length=20, blank=True)

    declined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="declined_quotes"
    )
    declined_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=20, blank=True)
    decline_text = models.TextField(blank=True)

    # The first wish for a new quote in place of this one, once it expired: by a member, or by the link of a contact.
    renewal_asked_at = models.DateTimeField(null=True, blank=True)
    renewal_asked_by = models.CharField(max_length=250, blank=True)

    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="voided_quotes"
    )
    voided_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField(blank=True)  # why the practice withdrew it or declared it void

    # From where it was accepted or declined.
    ip_address = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=400, blank=True)
    authentication = models.CharField(max_length=120, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)

    objects = QuoteQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = CONSTRAINTS
        indexes = [models.Index(fields=["state", "valid_until"], name="quote_state_valid_until")]
        triggers = TRIGGERS

    def __str__(self) -> str:
        return f"Quote {self.reference}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def letter(self) -> str:
        return revision_letter(self.revision)

    @property
    def is_expired(self) -> bool:
        """Whether the last day has passed, also before the nightly task has noticed."""
        return is_past(self.valid_until)

    @property
    def has_run_out(self) -> bool:
        """Whether it could have been accepted, and no longer can."""
        return has_run_out(self.state, self.valid_until)

    @property
    def is_renewal_awaited(self) -> bool:
        return is_renewal_awaited(self.state, self.renewal_asked_at)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.SENT and not self.is_expired

    @transition(**_arguments("send"))
    def send(self) -> None:
        """The customer has it."""

    @transition(**_arguments("accept"))
    def accept(self) -> None:
        """A person with the duty said yes."""

    @transition(**_arguments("decline"))
    def decline(self) -> None:
        """A person with the duty said no, with a reason."""

    @transition(**_arguments("expire"))
    def expire(self) -> None:
        """Its last day has passed."""

    @transition(**_arguments("supersede"))
    def supersede(self) -> None:
        """A new revision takes its place."""

    @transition(**_arguments("withdraw"))
    def withdraw(self) -> None:
        """The practice takes it back before it is answered."""

    @transition(**_arguments("void"))
    def void(self) -> None:
        """The practice declares an acceptance void, before work began."""


def revision_letter(revision: int) -> str:
    """1 is A, 26 is Z, 27 is AA."""
    letters = ""
    while revision:
        revision, place = divmod(revision - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def is_past(valid_until: datetime | None) -> bool:
    return valid_until is not None and valid_until < timezone.now()


def has_run_out(state: str, valid_until: datetime | None) -> bool:
    """Also of rows that hold a few columns of a quote, and before the nightly task has noticed."""
    return state == Quote.State.EXPIRED or (state == Quote.State.SENT and is_past(valid_until))


def is_renewal_awaited(state: str, asked_at: datetime | None) -> bool:
    """The same of rows that hold a few columns."""
    return asked_at is not None and state in {Quote.State.SENT, Quote.State.EXPIRED}
