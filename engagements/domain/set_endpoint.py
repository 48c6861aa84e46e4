"""The endpoints of an organization: set, changed, given another secret, switched on again, removed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.fresh_proof import refuse_unproved
from accounts.models import Organization
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict, DomainError
from core.webhooks.posting import new_secret
from core.webhooks.sealed import accepted_url, digest_of, seal_secret, sealed_url
from core.wording import distance_text, told
from engagements.models import Endpoint
from engagements.webhooks.book import kinds_for, rules
from engagements.webhooks.turns import wait_to_set

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import Organization as Owner
    from accounts.models import User

FIELDS = ["title", "kinds", "origin", "sealed_url", "version", "changed_by", "changed_at"]
_TELLS = "a webhook tells other systems of your engagements. Nothing was changed."


@transaction.atomic
def set_endpoint(
    organization: Owner, *, title: str, url: str, kinds: Sequence[str], authenticated_at: datetime | None, actor: User
) -> tuple[Endpoint, str]:
    """A new endpoint and its secret, which is told nobody again. It is told what happens from now on."""
    require(actor, Permission.MANAGE_WEBHOOKS, organization)
    refuse_unproved(authenticated_at, _TELLS)
    wait_to_set()
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if Endpoint.objects.filter(organization=organization).count() >= rules().at_most:
        raise Conflict(f"{organization} has {rules().at_most} webhooks. Remove one that is no longer used.")
    address, secret, now = accepted_url(url), new_secret(), timezone.now()
    endpoint = Endpoint(organization=organization, begins_at=now, set_by=actor, set_at=now, **sealed_url(address))
    endpoint.sealed_secret = seal_secret(secret)
    _describe(endpoint, title, kinds)
    endpoint.save()
    _record("endpoint.set", endpoint, actor, digest=digest_of(address), kinds=", ".join(endpoint.kinds))
    return endpoint, secret


@transaction.atomic
def change_endpoint(
    endpoint: Endpoint,
    *,
    title: str,
    kinds: Sequence[str],
    authenticated_at: datetime | None,
    actor: User,
    version: int,
    url: str = "",
) -> Endpoint:
    """An empty `url` leaves the address as it is. The secret stays; what waits goes to the new address.

    Raises Conflict, with who and when, if somebody changed it since `version`.
    """
    endpoint = locked(endpoint, actor)
    _refuse_other_version(endpoint, version)
    refuse_unproved(authenticated_at, _TELLS)
    _describe(endpoint, title, kinds)
    facts = {"kinds": ", ".join(endpoint.kinds)}
    if url.strip():
        address = accepted_url(url)
        for name, value in sealed_url(address).items():
            setattr(endpoint, name, value)
        facts["digest"] = digest_of(address)
    endpoint.version += 1
    endpoint.changed_by, endpoint.changed_at = actor, timezone.now()
    endpoint.save(update_fields=FIELDS)
    _record("endpoint.changed", endpoint, actor, **facts)
    return endpoint


@transaction.atomic
def renew_secret(endpoint: Endpoint, *, authenticated_at: datetime | None, actor: User) -> tuple[Endpoint, str]:
    """Deliveries carry a signature of either secret for a while, so that receivers change without a gap."""
    endpoint = locked(endpoint, actor)
    refuse_unproved(authenticated_at, _TELLS)
    secret, now = new_secret(), timezone.now()
    endpoint.sealed_former_secret, endpoint.sealed_secret = endpoint.sealed_secret, seal_secret(secret)
    endpoint.former_until = now + timedelta(hours=rules().both_hours)
    endpoint.set_by, endpoint.set_at = actor, now
    endpoint.save(update_fields=["sealed_former_secret", "sealed_secret", "former_until", "set_by", "set_at"])
    _record("endpoint.secret_renewed", endpoint, actor)
    return endpoint, secret


@transaction.atomic
def enable_endpoint(endpoint: Endpoint, *, actor: User) -> Endpoint:
    """What happened meanwhile stands in its log as given up and can be sent again. Raises Conflict where it is on."""
    wait_to_set()
    endpoint = locked(endpoint, actor)
    if endpoint.is_listening:
        raise Conflict(f"{endpoint.title} is switched on already.")
    endpoint.disabled_at, endpoint.disabled_because, endpoint.failing_since = None, "", None
    endpoint.save(update_fields=["disabled_at", "disabled_because", "failing_since"])
    _record("endpoint.enabled", endpoint, actor)
    return endpoint


@transaction.atomic
def remove_endpoint(endpoint: Endpoint, *, actor: User) -> None:
    """Nothing is sent there any more. Its log goes with it; the ledger keeps that it was there."""
    endpoint = locked(endpoint, actor)
    _record("endpoint.removed", endpoint, actor)
    endpoint.delete()


def locked(endpoint: Endpoint, actor: User) -> Endpoint:
    """Under its lock, for whoever may act on it. Raises Conflict where it was removed meanwhile."""
    require(actor, Permission.MANAGE_WEBHOOKS, endpoint.organization)
    found = Endpoint.objects.select_for_update(of=("self",), no_key=True).select_related("organization")
    row = found.filter(pk=endpoint.pk).first()
    if row is None:
        raise Conflict(f"{endpoint.title} was removed meanwhile.")
    return row


def _refuse_other_version(endpoint: Endpoint, version: int) -> None:
    if endpoint.version == version:
        return
    if endpoint.changed_at is None or version > endpoint.version:
        raise Conflict(f"{endpoint.title} has no version {version}. Read it again.")
    moment = f"{distance_text(endpoint.changed_at, timezone.now())}, on {told(endpoint.changed_at)}"
    raise Conflict(f"{endpoint.changed_by} changed {endpoint.title} {moment}. Nothing of yours is lost.")


def _describe(endpoint: Endpoint, title: str, kinds: Sequence[str]) -> None:
    endpoint.title = " ".join(title.split())
    if not endpoint.title:
        raise DomainError("Give the webhook a name.")
    others = Endpoint.objects.filter(organization=endpoint.organization_id).exclude(pk=endpoint.pk)
    if others.filter(title__iexact=endpoint.title).exists():
        raise Conflict(f"There is a webhook named {endpoint.title} already: choose another name.")
    offered = [kind.key for kind in kinds_for(endpoint.organization)]
    if strange := sorted(set(kinds) - set(offered)):
        raise DomainError(f"{endpoint.organization} is not told of {', '.join(strange)}. Choose from the list.")
    endpoint.kinds = [key for key in offered if key in kinds]
    if not endpoint.kinds:
        raise DomainError("Choose at least one kind of event.")


def _record(action: str, endpoint: Endpoint, actor: User, **facts: str) -> None:
    record(action, subject=endpoint, actor=actor, organization=endpoint.organization.name, **facts)
