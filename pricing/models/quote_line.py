from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pgtrigger
from django.db import models

from accounts.permissions import is_staff
from engagements.models.visible import EngagementPartQuerySet
from pricing.models.money import money_field
from pricing.models.quote import Quote

if TYPE_CHECKING:
    from accounts.models import User


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
    unit_price = money_field()
    amount = money_field()

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
