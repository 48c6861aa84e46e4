from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import AccessToken, Membership, User
from core.audit import record

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User as Person


@transaction.atomic
def revoke_token(token: AccessToken, *, actor: Person) -> None:
    """From now on nothing gets in with it or with what it made. Revoking what another tab has revoked is no fault."""
    User.objects.select_for_update().get(pk=actor.pk)  # nothing is made with it meanwhile
    for gone in remove_token(token, whose=actor):
        if gone.user_id == actor.pk:
            record("token.revoked", subject=actor, actor=actor, name=gone.name)
        else:
            service = Membership.objects.select_related("user").get(user=gone.user_id)
            facts = {"service": service.user.full_name, "name": gone.name}
            record("service.token_revoked", subject=service, actor=actor, **facts)


def remove_token(token: AccessToken, *, whose: Person) -> list[AccessToken]:
    """Part of revoking; the caller locked whose it is, and records each of those that are returned."""
    gone = _with_those_made(AccessToken.objects.filter(user=whose, pk=token.pk))
    for each in gone:
        each.delete()
    return gone


def _with_those_made(tokens: QuerySet[AccessToken]) -> list[AccessToken]:
    """What was made with a token first, so that nothing of it goes without its own line in the ledger."""
    return [each for token in tokens for each in (*_with_those_made(token.made.all()), token)]
