"""Who sees the whole portfolio: their questions need no list of what is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.permissions import FOR_PEOPLE, ROLE_PERMISSIONS, Permission, consultancy_role

if TYPE_CHECKING:
    from accounts.models import User


def sees_every_engagement(user: User) -> bool:
    return consultancy_role(user) in {"owner", "lead", "sales"}


def is_given_everywhere(user: User, *permissions: Permission) -> bool:
    """Whether they see every engagement, and `allowed()` says yes to any of these at each customer.

    Nobody works for both sides: what the practice gives them, no customer takes away.
    """
    if not sees_every_engagement(user):
        return False
    withheld = FOR_PEOPLE if user.is_service else frozenset[Permission]()
    return not ROLE_PERMISSIONS[consultancy_role(user)].isdisjoint(set(permissions) - withheld)
