"""The list of quotes: narrowed by state and by what is looked for, and as a sheet."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from core.wording import day_text
from discovery.spreadsheets import safe_cell
from pricing.in_force import day_of
from pricing.models import Quote
from pricing.queries import quotes_read_by

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from pricing.models.quote import QuoteQuerySet

STATES = Quote.State.choices
HEADER = ("quote", "customer", "engagement", "tier", "currency", "total", "state", "sent on", "valid until", "owner")

# What a row tells of a quote that has four times as many columns; `phase` is what an engagement is made with.
ROW = (
    *("reference", "number", "revision", "state", "tier_key", "tier_label", "total", "total_currency"),
    *("created_at", "sent_at", "valid_until"),
    *(f"engagement__{name}" for name in ("code", "phase", "organization__name")),
)
OWNER = ("engagement__request__owner__full_name", "engagement__request__owner__email")


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the list is asked for; a state that does not exist is none."""

    state: str = ""
    text: str = ""

    def narrow(self, quotes: QuoteQuerySet) -> QuoteQuerySet:
        if self.state in Quote.State.values:
            quotes = quotes.filter(_in_state(self.state))
        for word in self.text.split():
            quotes = quotes.filter(Q(reference__icontains=word) | Q(engagement__organization__name__icontains=word))
        return quotes


def _in_state(state: str) -> Q:
    """As people mean it: an open quote whose last day has passed is expired, also before the nightly task saw it."""
    is_past = Q(state=Quote.State.SENT, valid_until__lt=timezone.now())
    if state == Quote.State.EXPIRED:
        return Q(state=state) | is_past
    return Q(state=state) & ~is_past if state == Quote.State.SENT else Q(state=state)


def listed_quotes(user: User, asked: Asked) -> QuoteQuerySet:
    """The newest first."""
    related = ("engagement__organization", "engagement__request__owner")
    return asked.narrow(quotes_read_by(user)).select_related(*related).only(*ROW, *OWNER)


def state_text(quote: Quote) -> str:
    is_past = quote.state == Quote.State.SENT and quote.is_expired
    return Quote.State.EXPIRED.label if is_past else quote.get_state_display()


def quotes_csv(quotes: Iterable[Quote]) -> str:
    """One line a quote, days as the practice counts them. No cell begins as a formula does."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    writer.writerows([safe_cell(cell) for cell in _cells(quote)] for quote in quotes)
    return out.getvalue()


def _cells(quote: Quote) -> tuple[str, ...]:
    engagement = quote.engagement
    days = (day_text(day_of(moment)) if moment else "" for moment in (quote.sent_at, quote.valid_until))
    return (
        quote.reference,
        engagement.organization.name,
        engagement.code,
        quote.tier_label,
        quote.total.currency.code,
        f"{quote.total.amount:.2f}",
        state_text(quote),
        *days,
        str(engagement.request.owner),
    )
