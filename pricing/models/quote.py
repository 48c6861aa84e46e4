from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django_fsm import ConcurrentTransitionMixin, FSMField, FSMModelMixin, transition
from djmoney.models.fields import MoneyField

from accounts.permissions import is_staff
from core.constraints import together
from engagements.models import Engagement, FrozenDocument
from engagements.models.visible import EngagementPartQuerySet
from pricing.moves import LIVE, MOVES, legal_moves

if TYPE_CHECKING:
    from accounts.models import User

CURRENCIES = [("USD", "US dollar")]

# What the customer was shown. Once sent, not even our own code changes it.
_FIGURES = (
    "engagement_id",
    "number",
    "revision",
    "reference",
    "tier_key",
    "tier_label",
    "fee",
    "fee_currency",
    "total",
    "total_currency",
    "calculation",
    "snapshot",
    "valid_until",
    "document_id",
    "sent_at",
    "sent_by_id",
    "sent_to",
)


def _money_field() -> Any:
    return MoneyField(max_digits=12, decimal_places=2, default_currency="USD", currency_choices=CURRENCIES)


def _arguments(move: str) -> dict[str, Any]:
    sources, target = MOVES[move]
    return {"field": "state", "source": list(sources), "target": target}


def _row(record: str) -> str:
    return ", ".join(f"{record}.{column}" for column in _FIGURES)


class QuoteQuerySet(EngagementPartQuerySet["Quote"]):
    def visible_to(self, user: User) -> Self:
        """Customers see a quote from the moment it was sent to them; drafts are the practice's."""
        visible = super().visible_to(user)
        return visible if is_staff(user) else visible.filter(sent_at__isnull=False)

    def open(self) -> Self:
        return self.filter(state=Quote.State.SENT, valid_until__gte=timezone.now())

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

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="quotes")
    number = models.CharField(max_length=16)
    revision = models.PositiveSmallIntegerField(default=1)
    reference = models.CharField(max_length=20, unique=True)
    state = FSMField(choices=State, default=State.DRAFT, protected=True)
    tier_key = models.CharField(max_length=20)
    tier_label = models.CharField(max_length=40)
    fee = _money_field()
    total = _money_field()
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

    # From where it was accepted or declined.
    ip_address = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=400, blank=True)
    authentication = models.CharField(max_length=120, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)

    objects = QuoteQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["number", "revision"], name="quote_revision_once"),
            models.UniqueConstraint(
                fields=["engagement"], condition=Q(state__in=LIVE), name="quote_one_live_an_engagement"
            ),
            models.UniqueConstraint(fields=["receipt"], condition=~Q(receipt=""), name="quote_receipt_once"),
            together("sent_at", "sent_by", "valid_until", "document", name="quote_sent_whole"),
            together("accepted_by", "accepted_at", name="quote_accepted_whole"),
            together("declined_by", "declined_at", name="quote_declined_whole"),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "accepted", "declined", "expired", "superseded"])
                | Q(sent_at__isnull=False),
                name="quote_is_answered_only_once_sent",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", accepted_at__isnull=False)
                & ~Q(receipt="")
                & ~Q(consent_text="")
                & ~Q(accepted_digest="")
                | ~Q(state="accepted") & Q(accepted_at__isnull=True, receipt=""),
                name="quote_accepted_with_its_evidence",
            ),
            models.CheckConstraint(
                condition=Q(state="declined", declined_at__isnull=False) & ~Q(decline_reason="")
                | ~Q(state="declined") & Q(declined_at__isnull=True),
                name="quote_declined_with_its_reason",
            ),
            models.CheckConstraint(condition=Q(fee__gte=0, total__gte=0), name="quote_is_never_negative"),
        ]
        indexes = [models.Index(fields=["state", "valid_until"], name="quote_state_valid_until")]
        triggers = [
            pgtrigger.FSM(name="quote_legal_moves", field="state", transitions=legal_moves()),
            pgtrigger.Trigger(
                name="quote_figures_stay_as_sent",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=(
                    f"IF OLD.state <> 'draft' AND ({_row('OLD')}) IS DISTINCT FROM ({_row('NEW')})"
                    " THEN RAISE EXCEPTION 'Quote % was sent: its figures stay', OLD.reference; END IF; RETURN NEW;"
                ),
            ),
            pgtrigger.Protect(
                name="quote_answer_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["accepted", "declined", "superseded", "withdrawn"]),
            ),
            pgtrigger.Protect(
                name="quote_is_kept", operation=pgtrigger.Delete, condition=~pgtrigger.Q(old__state="draft")
            ),
        ]

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
        return self.valid_until is not None and self.valid_until < timezone.now()

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
        """The practice takes it back."""


def revision_letter(revision: int) -> str:
    """1 is A, 26 is Z, 27 is AA."""
    letters = ""
    while revision:
        revision, place = divmod(revision - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


class QuoteLineQuerySet(EngagementPartQuerySet["QuoteLine"]):
    path_to_engagement = "quote__engagement"

    def visible_to(self, user: User) -> Self:
        visible = super().visible_to(user)
        return visible if is_staff(user) else visible.filter(quote__sent_at__isnull=False)


class QuoteLine(models.Model):
    """One line of a quote. Written while the quote is a draft, never after."""

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    description = models.CharField(max_length=200)
    quantity = models.DecimalField(max_digits=9, decimal_places=2)
    unit_price = _money_field()
    amount = _money_field()

    objects = QuoteLineQuerySet.as_manager()

    class Meta:
        ordering = ["quote", "position"]
        constraints = [models.UniqueConstraint(fields=["quote", "position"], name="quote_line_once_a_place")]
        triggers = [
            pgtrigger.Trigger(
                name="quote_lines_stay_as_sent",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=(
                    "IF EXISTS (SELECT 1 FROM pricing_quote q WHERE q.state <> 'draft'"
                    " AND q.id IN (CASE TG_OP WHEN 'INSERT' THEN NEW.quote_id ELSE OLD.quote_id END,"
                    " CASE TG_OP WHEN 'DELETE' THEN OLD.quote_id ELSE NEW.quote_id END))"
                    " THEN RAISE EXCEPTION 'The lines of a quote stay as they were sent'; END IF;"
                    " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
                ),
            )
        ]

    def __str__(self) -> str:
        return self.description
