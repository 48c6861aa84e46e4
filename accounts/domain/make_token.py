from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.fresh_proof import refuse_unproved
from accounts.models import AccessToken, User
from core.audit import record
from core.errors import Conflict, DomainError
from core.scopes import Scope

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User as Person

LIFETIMES = {7: "7 days", 30: "30 days", 90: "90 days", 365: "a year"}
AT_MOST = 20
OPENS_THE_PORTAL = "whoever holds a token gets in with it. Nothing was made."


@transaction.atomic
def make_token(
    person: Person,
    *,
    name: str,
    days: int,
    authenticated_at: datetime | None,
    scope: str = Scope.ALL,
    made_with: AccessToken | None = None,
) -> tuple[AccessToken, str]:
    """A token with which a program may do what this person may, as far as its scope goes.

    Returns it and its text, which is stored nowhere. One that is made with a token ends with that.
    """
    refuse_unproved(authenticated_at, OPENS_THE_PORTAL)
    person = User.objects.select_for_update().get(pk=person.pk)
    token, text = add_token(person, name=name, days=days, scope=scope, made_with=made_with)
    record("token.made", subject=person, actor=person, name=token.name, scope=scope, until=token.expiry)
    return token, text


def add_token(
    person: Person, *, name: str, days: int, scope: str, made_with: AccessToken | None = None, whose: str = "You have"
) -> tuple[AccessToken, str]:
    """Part of making one; its account and that of `made_with` were locked by the caller, who records it.

    `whose` begins a refusal.
    """
    name = name.strip()
    if not name or days not in LIFETIMES or scope not in Scope:
        raise DomainError("Name the program the token is for, and choose what for and how long it is valid.")
    if made_with is not None:
        _refuse_outlasting(made_with, days)
    AccessToken.objects.filter(user=person, expiry__lte=timezone.now()).delete()
    if AccessToken.objects.filter(user=person, name=name).exists():
        raise Conflict(f"{whose} a token named {name} already: revoke it first, or choose another name.")
    if AccessToken.objects.filter(user=person).count() >= AT_MOST:
        raise DomainError(f"{whose} {AT_MOST} tokens. Revoke one that is no longer used.")
    made: tuple[AccessToken, str] = AccessToken.objects.create(
        user=person, expiry=timedelta(days=days), name=name, scope=scope, made_with=made_with
    )
    return made


def _refuse_outlasting(made_with: AccessToken, days: int) -> None:
    if not AccessToken.objects.filter(pk=made_with.pk).exists():
        raise Conflict(f"{made_with.name}, which you signed in with, was revoked meanwhile. Nothing was made.")
    if timezone.now() + timedelta(days=days) > made_with.expiry:
        raise DomainError(
            f"{made_with.name}, which you signed in with, runs out before that."
            " Choose fewer days, or make it in the browser."
        )
