"""Deliveries that a person asks for: a test, one once more, or all that were given up since a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.errors import Conflict
from core.webhooks.sending import wait_again
from engagements.domain.set_endpoint import locked
from engagements.domain.tell_endpoints import ask_to_send
from engagements.models import EndpointDelivery
from engagements.webhooks.book import TEST, rules
from engagements.webhooks.payload import body_of_test

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from engagements.models import Endpoint


@transaction.atomic
def ping_endpoint(endpoint: Endpoint, *, actor: User) -> EndpointDelivery:
    """A delivery that tells of nothing. Raises Conflict for one that is switched off."""
    endpoint = _listening(endpoint, actor)
    now = timezone.now()
    delivery = EndpointDelivery.objects.create(
        endpoint=endpoint, kind=TEST, body=body_of_test(endpoint, now), made_at=now, available_at=now
    )
    record("endpoint.pinged", subject=endpoint, actor=actor, organization=endpoint.organization.name)
    ask_to_send(endpoint, actor=actor)
    return delivery


@transaction.atomic
def replay_delivery(delivery: EndpointDelivery, *, actor: User) -> EndpointDelivery:
    """The same words under the same id, at once. Raises Conflict while it waits, and for one that is switched off."""
    endpoint = _listening(delivery.endpoint, actor)
    row = EndpointDelivery.objects.select_for_update(no_key=True).get(pk=delivery.pk)
    if not row.has_ended:
        raise Conflict(f"{row} has not come to its end yet: it is sent by itself.")
    _replay(endpoint, [row], actor)
    return row


@transaction.atomic
def replay_given_up(endpoint: Endpoint, *, since: datetime, actor: User) -> int:
    """How many are sent again, oldest first. Raises Conflict where there are none."""
    endpoint = _listening(endpoint, actor)
    found = EndpointDelivery.objects.select_for_update(no_key=True).filter(endpoint=endpoint, made_at__gte=since)
    rows = list(found.given_up().order_by("pk")[: rules().batch])
    if not rows:
        raise Conflict("Nothing was given up since then: there is nothing to send again.")
    _replay(endpoint, rows, actor)
    return len(rows)


def _replay(endpoint: Endpoint, rows: list[EndpointDelivery], actor: User) -> None:
    for row in rows:
        wait_again(row)
    facts = {"organization": endpoint.organization.name, "count": len(rows)}
    record("endpoint.replayed", subject=endpoint, actor=actor, **facts)
    ask_to_send(endpoint, actor=actor)


def _listening(endpoint: Endpoint, actor: User) -> Endpoint:
    endpoint = locked(endpoint, actor)
    if not endpoint.is_listening:
        raise Conflict(f"{endpoint.title} is switched off: switch it on first.")
    return endpoint
