"""People with an account who belong to no organization any more. What they did and wrote still names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models import Organization, User
from accounts.permissions import Permission, allowed
from engagements.erased_names import NOWHERE

if TYPE_CHECKING:
    from django.db.models import QuerySet


def former_people(reader: User) -> QuerySet[User]:
    """Those that are not erased, for whoever may erase at the practice; nobody for everybody else."""
    if not allowed(reader, Permission.ERASE_RECORDS, Organization.objects.consultancy()):
        return User.objects.none()
    found = User.objects.filter(memberships=None).exclude(email__iendswith=f"@{NOWHERE}")
    return found.order_by("full_name", "pk")
