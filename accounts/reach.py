"""Who sees the whole portfolio: their questions need no list of what is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.permissions import FOR_PEOPLE, ROLE_PERMISSIONS, Permission, consultancy_role

if TYPE_CHECKING:
    from accounts.models import User


def sees_every_engagement(user: User) -> bool:
    return consultancy_role(user) in {"owner", "lead", "sales"}


def is_given_everywhere(user: User, permission: Permission) -> bool:
    """Whether they see every engagement, and `allowed()` says yes at each customer: nobody works for both sides."""
    if not sees_every_engagement(user) or (user.is_service and permission in FOR_PEOPLE):
        return False
    return permission in ROLE_PERMISSIONS[consultancy_role(user)]
