"""Quotes across customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.permissions import ROLE_PERMISSIONS, Permission, consultancy_role
from pricing.models import Quote

if TYPE_CHECKING:
    from accounts.models import User
    from pricing.models.quote import QuoteQuerySet


def quotes_read_by(user: User) -> QuoteQuerySet:
    """Every quote this person may read: of whichever customers, by their role at each."""
    visible: QuoteQuerySet = Quote.objects.visible_to(user)
    roles = [role for role, permissions in ROLE_PERMISSIONS.items() if Permission.VIEW_QUOTE in permissions]
    if consultancy_role(user) in roles:
        return visible
    own = user.memberships.filter(role__in=roles).values("organization")
    own_quotes: QuoteQuerySet = visible.filter(engagement__organization__in=own)
    return own_quotes
