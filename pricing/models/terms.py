"""What people put into a draft beyond the rules, and who else agreed. Read by the practice alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.permissions import is_staff
from core.triggers import append_only
from engagements.models.visible import EngagementPartQuerySet
from pricing.models.quote import Quote

if TYPE_CHECKING:
    from accounts.models import User

M = TypeVar("M", bound=models.Model)


class TermQuerySet(EngagementPartQuerySet[M]):
    path_to_engagement = "quote__engagement"

    def visible_to(self, user: User) -> Self:
        return super().visible_to(user) if is_staff(user) else self.none()


def _stays_as_sent(name: str) -> list[pgtrigger.Trigger]:
    return [
        pgtrigger.Trigger(
            name=name,
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            func=(
                "IF EXISTS (SELECT FROM pricing_quote q"
                " WHERE q.state <> 'draft' AND q.id IN (OLD.quote_id, NEW.quote_id))"
                " THEN RAISE EXCEPTION 'The terms of a quote stay as they were sent'; END IF;"
                " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
            ),
        )
    ]


class Discount(models.Model):
    """What is taken off the fee: a percentage, or an amount in the currency of the tier. Never both."""

    quote = models.OneToOneField(Quote, on_delete=models.CASCADE, related_name="discount")
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    reason = models.TextField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    objects = TermQuerySet["Discount"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gt=0, percent__lte=100, amount=None) | Q(amount__gt=0, percent=None),
                name="discount_is_a_percentage_or_an_amount",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="discount_has_a_reason"),
        ]
        triggers = _stays_as_sent("discount_stays_as_sent")

    def __str__(self) -> str:
        return f"discount of {self.quote.reference}"


class TierChoice(models.Model):
    """A tier that a person chose against the rules."""

    quote = models.OneToOneField(Quote, on_delete=models.CASCADE, related_name="tier_choice")
    tier_key = models.CharField(max_length=20)
    reason = models.TextField()
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()

    objects = TermQuerySet["TierChoice"].as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="tier_choice_has_a_reason")]
        triggers = _stays_as_sent("tier_choice_stays_as_sent")

    def __str__(self) -> str:
        return f"tier of {self.quote.reference}"


class Approval(models.Model):
    """A second person's yes. `covers` names exactly what was approved: of anything else it says nothing.

    `words` are what the approver read.
    """

    class Subject(models.TextChoices):
        DISCOUNT = "discount", "Discount"
        TIER = "tier", "Tier"

    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="approvals")
    subject = models.CharField(max_length=8, choices=Subject)
    covers = models.CharField(max_length=64)
    words = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()

    objects = TermQuerySet["Approval"].as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(approved_by=F("asked_by")), name="approval_by_a_second_person"),
            models.UniqueConstraint(fields=["quote", "covers"], name="approval_once"),
        ]
        triggers = append_only("approval_append_only")

    def __str__(self) -> str:
        return f"approval of {self.words}"
