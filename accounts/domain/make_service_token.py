from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.domain.change_membership import lock_membership
from accounts.domain.make_token import OPENS_THE_PORTAL, add_token
from accounts.domain.revoke_token import remove_token
from accounts.fresh_proof import refuse_unproved
from accounts.models import AccessToken, User
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Membership
    from accounts.models import User as Person


@transaction.atomic
def make_service_token(
    membership: Membership,
    *,
    name: str,
    days: int,
    scope: str,
    authenticated_at: datetime | None,
    actor: Person,
    made_with: AccessToken | None = None,
) -> tuple[AccessToken, str]:
    """A token of a service user. Returns it and its text, which is stored nowhere.

    One that is made with a token of the actor ends with that.
    """
    service = _locked(membership, actor)
    refuse_unproved(authenticated_at, OPENS_THE_PORTAL)
    if not service.is_active:
        raise Conflict(f"{service} was ended meanwhile. No token was made.")
    User.objects.select_for_update().get(pk=actor.pk)  # what it is made with is not revoked meanwhile
    token, text = add_token(service, name=name, days=days, scope=scope, made_with=made_with, whose=f"{service} has")
    facts = {"service": service.full_name, "name": token.name, "scope": scope, "until": token.expiry}
    record("service.token_made", subject=membership, actor=actor, **facts)
    return token, text


@transaction.atomic
def revoke_service_token(membership: Membership, token: AccessToken, *, actor: Person) -> None:
    """From now on nothing gets in with it. Revoking what another tab has revoked is no fault."""
    service = _locked(membership, actor)
    for gone in remove_token(token, whose=service):
        record("service.token_revoked", subject=membership, actor=actor, service=service.full_name, name=gone.name)


def _locked(membership: Membership, actor: Person) -> Person:
    membership = lock_membership(membership)
    require(actor, Permission.MANAGE_SERVICES, membership.organization)
    return User.objects.select_for_update().get(pk=membership.user_id)
