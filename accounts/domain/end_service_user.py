from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.domain.change_membership import lock_membership
from accounts.models import AccessToken, User
from accounts.permissions import Permission, require
from core.audit import record

if TYPE_CHECKING:
    from accounts.models import Membership
    from accounts.models import User as Person


@transaction.atomic
def end_service_user(membership: Membership, *, actor: Person) -> None:
    """From now on nothing gets in as it. What it did stays under its name. Ending it twice is no fault."""
    membership = lock_membership(membership)
    require(actor, Permission.MANAGE_SERVICES, membership.organization)
    service = User.objects.select_for_update().get(pk=membership.user_id)
    if not service.is_active:
        return
    tokens = sorted(AccessToken.objects.filter(user=service).values_list("name", flat=True))
    AccessToken.objects.filter(user=service).delete()
    service.is_active = False
    service.save(update_fields=["is_active"])
    facts = {"service": service.full_name, "organization": membership.organization.name, "tokens": tokens}
    record("service.ended", subject=membership, actor=actor, **facts)
