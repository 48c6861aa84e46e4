"""Quotes across customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.permissions import Permission, organizations_where
from pricing.models import Quote

if TYPE_CHECKING:
    from accounts.models import User
    from pricing.models.quote import QuoteQuerySet


def quotes_read_by(user: User) -> QuoteQuerySet:
    """Every quote this person may read: of whichever customers, by their role at each."""
    visible: QuoteQuerySet = Quote.objects.visible_to(user)
    own_quotes: QuoteQuerySet = visible.filter(
        engagement__organization__in=organizations_where(user, Permission.VIEW_QUOTE)
    )
    return own_quotes
