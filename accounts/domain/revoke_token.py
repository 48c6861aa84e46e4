from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import AccessToken
from core.audit import record

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def revoke_token(token: AccessToken, *, actor: User) -> None:
    """From now on nothing gets in with it. Revoking what another tab has revoked already is no fault."""
    own = AccessToken.objects.select_for_update().filter(user=actor, pk=token.pk)
    for found in own:
        record("token.revoked", subject=actor, actor=actor, name=found.name)
        found.delete()
