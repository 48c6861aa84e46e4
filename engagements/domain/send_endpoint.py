"""Sends what waits for an endpoint; one that takes nothing for days is switched off, and whoever set it is told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import Permission, allowed, people_who_may
from core import outbox
from core.audit import record
from core.counting import counted
from core.webhooks.posting import Answer, load_plan
from core.webhooks.sending import GONE, note_attempt, send_in_turn, send_to
from engagements.domain.tell_endpoints import OFF
from engagements.models import Endpoint, EndpointDelivery
from engagements.webhooks.book import rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from engagements.models.endpoint import EndpointDeliveryQuerySet

    Answers = list[tuple[EndpointDelivery, Answer]]

MAIL = "webhook_disabled"


def _due(endpoint: Endpoint) -> EndpointDeliveryQuerySet:
    """Oldest first."""
    return EndpointDelivery.objects.filter(endpoint=endpoint).due().order_by("pk")


def send_due(endpoint: Endpoint) -> Answers:
    """The slow half of the job."""
    return send_in_turn(_due(endpoint)[: load_plan().batches], send)


def send(delivery: EndpointDelivery) -> Answer:
    """Reads the endpoint anew: one that was changed, switched off or removed meanwhile counts at once."""
    endpoint = Endpoint.objects.filter(pk=delivery.endpoint_id).first()
    if endpoint is None:
        return Answer(None, GONE)
    if not endpoint.is_listening:
        return Answer(None, OFF)
    is_former_known = endpoint.former_until is not None and endpoint.former_until > timezone.now()
    former = endpoint.sealed_former_secret if is_former_known else b""
    return send_to(endpoint, delivery, also_signed_with=bytes(former))


@transaction.atomic
def note_answers(endpoint: Endpoint, answers: Iterable[tuple[EndpointDelivery, Answer]]) -> None:
    """Nothing where it was removed meanwhile."""
    found = Endpoint.objects.select_for_update(of=("self",), no_key=True).select_related("organization", "set_by")
    row = found.filter(pk=endpoint.pk).first()
    if row is None:
        return
    for delivery, answer in answers:
        _note(row, delivery, answer)


def note_given_up(endpoint: Endpoint, *, said: str) -> None:
    """The job came to no end: the oldest that is due counts as not taken, so that it does not stand first for ever."""
    note_answers(endpoint, [(delivery, Answer(None, said)) for delivery in _due(endpoint)[:1]])


def _note(endpoint: Endpoint, delivery: EndpointDelivery, answer: Answer) -> None:
    if not endpoint.is_listening:
        return
    row = EndpointDelivery.objects.select_for_update(no_key=True).filter(pk=delivery.pk).first()
    if row and note_attempt(row, answer):
        facts = {"kind": row.kind, "event": f"{row.event_id}", "said": row.outcome}
        record("endpoint.given_up", subject=endpoint, actor=None, organization=endpoint.organization.name, **facts)
    if because := _judged(endpoint, answer):
        disable_endpoint(endpoint, because=because)


def _judged(endpoint: Endpoint, answer: Answer) -> str:
    """Why it is to be switched off, and empty where it is not."""
    now = timezone.now()
    since = None if answer.is_taken else endpoint.failing_since or now
    if since != endpoint.failing_since:
        endpoint.failing_since = since
        endpoint.save(update_fields=["failing_since"])
    if answer.is_unwanted:
        return "It answered with 410, which says that it wants nothing more."
    if since and now - since >= timedelta(days=rules().disable_days):
        return f"It took nothing for {counted(rules().disable_days, 'day')}."
    return ""


def disable_endpoint(endpoint: Endpoint, *, because: str) -> None:
    """Under its lock. What waits is given up, and can be sent again once it is switched on."""
    endpoint.disabled_at, endpoint.disabled_because = timezone.now(), because
    endpoint.save(update_fields=["disabled_at", "disabled_because"])
    waiting = EndpointDelivery.objects.filter(endpoint=endpoint).waiting()
    waiting.filter(attempts=0).update(said=OFF)
    waiting.update(given_up_at=endpoint.disabled_at)
    whose = {"organization": endpoint.organization.name}
    record("endpoint.disabled", subject=endpoint, actor=None, because=because, **whose)
    for person in _told(endpoint):
        _mail(endpoint, person)


def _told(endpoint: Endpoint) -> list[User]:
    """Who set it; where they may no longer, everybody of the organization who may."""
    person, organization = endpoint.set_by, endpoint.organization
    if person.is_active and allowed(person, Permission.MANAGE_WEBHOOKS, organization):
        return [person]
    return people_who_may(organization, Permission.MANAGE_WEBHOOKS)


def _mail(endpoint: Endpoint, person: User) -> None:
    url = f"{settings.PORTAL_URL}{reverse('webhooks:endpoint', args=[endpoint.organization_id, endpoint.pk])}"
    why = f"You set the webhooks of {endpoint.organization}."
    subject, text, html = outbox.render_mail(MAIL, {"person": person, "endpoint": endpoint, "url": url, "why": why})
    outbox.post(MAIL, to=person, subject=subject, text=text, html=html, reference=endpoint)
