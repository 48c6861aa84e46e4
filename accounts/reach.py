"""Who sees the whole portfolio: their questions need no list of what is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.permissions import ROLE_PERMISSIONS, consultancy_role, withheld

if TYPE_CHECKING:
    from accounts.models import User
    from accounts.permissions import Permission


def sees_every_engagement(user: User) -> bool:
    return consultancy_role(user) in {"owner", "lead", "sales"}


def is_given_everywhere(user: User, *permissions: Permission) -> bool:
    """Whether they see every engagement, and `allowed()` says yes to any of these at each customer.

    Nobody works for both sides: what the practice gives them, no customer takes away.
    """
    if not sees_every_engagement(user):
        return False
    return not ROLE_PERMISSIONS[consultancy_role(user)].isdisjoint(set(permissions) - withheld(user))
