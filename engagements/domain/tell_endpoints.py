"""Makes deliveries to endpoints out of the ledger, and asks for jobs that send them.

An act and its entry are one transaction, and the entries of an engagement are committed in the order of their sequence:
so nothing is told that was rolled back, and behind the mark of an engagement no entry is still to come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import CharField, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone

from accounts.models import Organization
from core.jobs import enqueue
from core.models import AuditEvent, ChainHead
from core.rounds import each
from engagements.models import Endpoint, EndpointDelivery, Engagement, TellingMark
from engagements.webhooks.book import events_for, kind_of, rules
from engagements.webhooks.payload import body_of
from engagements.webhooks.turns import wait_to_tell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from accounts.models import User
    from engagements.models.engagement import EngagementQuerySet

KIND = "post_endpoint"
OFF = "The webhook was switched off."


def tell_endpoints() -> int:
    """A round of the beat. How many endpoints have something to send. Safe to run twice at once."""
    endpoints = list(Endpoint.objects.select_related("organization"))
    if endpoints:
        each(_tell, _untold(endpoints))
    return each(_ask_if_due, [endpoint for endpoint in endpoints if endpoint.is_listening])


def _untold(endpoints: Sequence[Endpoint]) -> EngagementQuerySet:
    """Engagements whose ledger goes on behind their mark, with something new since the oldest endpoint was set."""
    own = ChainHead.objects.filter(chain=OuterRef("own_chain"))
    last = AuditEvent.objects.filter(chain=OuterRef("own_chain"), sequence=OuterRef("head"))
    found: EngagementQuerySet = (
        Engagement.objects.annotate(own_chain=Concat(Value("engagement:"), Cast("pk", CharField())))
        .annotate(head=Subquery(own.values("sequence")), told=Coalesce(F("telling_mark__sequence"), Value(0)))
        .filter(head__gt=F("told"))
        .annotate(last_at=Subquery(last.values("at")))
        .filter(last_at__gte=min(endpoint.begins_at for endpoint in endpoints))
    )
    if not any(_is_of_practice(endpoint) for endpoint in endpoints):
        found = found.filter(organization__in={endpoint.organization_id for endpoint in endpoints})
    return found.order_by("pk")[: rules().batch]


def _is_of_practice(endpoint: Endpoint) -> bool:
    return endpoint.organization.kind == Organization.Kind.CONSULTANCY


@transaction.atomic
def _tell(engagement: Engagement) -> int:
    wait_to_tell()
    TellingMark.objects.get_or_create(engagement=engagement)
    mark = TellingMark.objects.select_for_update().get(engagement=engagement)
    upto = ChainHead.objects.get(chain=engagement.audit_chain).sequence
    new = Q(sequence__gt=mark.sequence, sequence__lte=upto)
    made = [
        delivery
        for endpoint in Endpoint.objects.select_related("organization")  # the round may have begun before
        if _is_of_practice(endpoint) or endpoint.organization_id == engagement.organization_id
        for delivery in _deliveries(endpoint, engagement, new)
    ]
    EndpointDelivery.objects.bulk_create(made, ignore_conflicts=True)  # one for each entry, also told by two at once
    mark.sequence = upto
    mark.save(update_fields=["sequence"])
    return len(made)


def _deliveries(endpoint: Endpoint, engagement: Engagement, new: Q) -> Iterator[EndpointDelivery]:
    """To one that is switched off nothing is sent, and its log shows what it missed."""
    now, off = timezone.now(), {} if endpoint.is_listening else {"given_up_at": timezone.now(), "said": OFF}
    events = events_for(endpoint.organization, engagement).filter(new, at__gte=endpoint.begins_at)
    for event in events.order_by("sequence"):
        kind = kind_of(event)
        if kind and kind.key in endpoint.kinds:
            about = {"kind": kind.key, "about": engagement.code, "entry": event}
            body = body_of(kind, event, engagement)
            yield EndpointDelivery(endpoint=endpoint, body=body, made_at=now, available_at=now, **about, **off)


@transaction.atomic
def _ask_if_due(endpoint: Endpoint) -> int:
    if not EndpointDelivery.objects.filter(endpoint=endpoint).due().exists():
        return 0
    ask_to_send(endpoint, actor=None)
    return 1


def ask_to_send(endpoint: Endpoint, *, actor: User | None) -> None:
    """At most one unfinished job an endpoint: a receiver that is slow holds one worker, for one turn."""
    enqueue(KIND, subject=endpoint, actor=actor, key=f"endpoint-{endpoint.pk}")
