"""The warm-up of new addresses: set, removed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict, DomainError
from delivery.domain.person_words import words_of
from delivery.models import WarmUp
from delivery.proxy.choice.reading import LONGEST_POOL
from discovery.maillog.providers import provider_names
from engagements.domain.lock_engagement import lock_engagement, lock_living

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from accounts.models import User
    from engagements.models import Engagement

MOST = 1000  # addresses, and hosts
FARTHEST = timedelta(days=366)


@transaction.atomic
def set_warm_up(
    engagement: Engagement,
    *,
    pool: str,
    addresses: int,
    hosts: int,
    begins: date,
    providers: Sequence[str],
    actor: User,
) -> WarmUp:
    """Takes the place of the one before. Raises DomainError with what is wrong."""
    engagement = lock_living(engagement.pk)
    require(actor, Permission.WORK_TASK, engagement.organization)
    name = words_of(pool, "Name the pool, as the proxy's file calls it.")
    if len(name.encode()) > LONGEST_POOL:
        raise DomainError(f"The name of the pool is longer than {LONGEST_POOL} bytes.")
    _check(addresses, hosts, begins, providers)
    chosen = list(dict.fromkeys(providers))
    facts = {"pool": name, "addresses": addresses, "hosts": hosts, "begins": begins, "providers": chosen}
    warm_up, _ = WarmUp.objects.update_or_create(
        engagement=engagement, defaults={**facts, "set_by": actor, "set_at": timezone.now()}
    )
    told = {"pool": name, "addresses": addresses, "begins": begins.isoformat(), "providers": ", ".join(chosen)}
    record("warm_up.set", subject=warm_up, actor=actor, **told)
    return warm_up


def _check(addresses: int, hosts: int, begins: date, providers: Sequence[str]) -> None:
    reasons, today = list[str](), timezone.localdate()
    if not 1 <= addresses <= MOST:
        reasons.append(f"Enter how many new addresses the pool has, 1 to {MOST:,}.")
    if not 1 <= hosts <= MOST:
        reasons.append(f"Enter on how many hosts the proxy runs, 1 to {MOST:,}.")
    if not today - FARTHEST <= begins <= today + FARTHEST:
        reasons.append("The first day lies more than a year away.")
    if strange := [name for name in providers if name not in provider_names()]:
        reasons.append(f"No provider is called {strange[0][:80]}. Take one of: {', '.join(provider_names())}.")
    if not providers:
        reasons.append("Choose at least one provider.")
    if reasons:
        raise DomainError(*reasons)


@transaction.atomic
def remove_warm_up(engagement: Engagement, *, actor: User) -> None:
    """Raises Conflict where there is none. The rules in the proxy's file are not touched."""
    engagement = lock_engagement(engagement.pk)
    require(actor, Permission.WORK_TASK, engagement.organization)
    warm_up = warm_up_of(engagement)
    if warm_up is None:
        raise Conflict("There is no warm-up to remove.")
    record("warm_up.removed", subject=warm_up, actor=actor, pool=warm_up.pool)
    warm_up.delete()


def warm_up_of(engagement: Engagement) -> WarmUp | None:
    return WarmUp.objects.filter(engagement=engagement).first()
