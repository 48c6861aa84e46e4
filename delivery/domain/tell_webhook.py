"""Makes deliveries of what is new and sends them: at least once, each under one id, with growing pauses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from accounts.permissions import EITHER_SIDE, require_any
from core.audit import record
from core.errors import Conflict
from core.jobs import enqueue
from core.numbering import next_number
from core.rounds import each
from core.webhooks.posting import Answer, load_plan
from core.webhooks.sending import GONE, note_attempt, send_in_turn, send_to, wait_again
from delivery.domain.set_webhook import webhook_of
from delivery.models import FeedbackItem, Suppression, Webhook, WebhookDelivery
from engagements.domain.lock_engagement import lock_engagement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from accounts.models import User

KIND = "post_webhook"
FIELDS = {
    "suppression.changed": ("id", "address", "scope", "source", "reason", "is_lifted", "made_at"),
    "feedback.taken": (
        "id", "kind", "source", "recipient", "original_recipient", "sender", "message_id", "queue_id", "status",
        "diagnostic", "feedback_type", "list_id", "provider", "category", "action", "happened_at", "day",
    ),
}  # fmt: skip


def tell_all() -> int:
    """A round of the beat over every webhook. How many of them have something to send."""
    return each(_tell, Webhook.objects.all())


@transaction.atomic
def _tell(webhook: Webhook) -> int:
    lock_engagement(webhook.engagement_id)  # whoever stores rows holds it: no lower id is still to come
    make_deliveries(Webhook.objects.select_for_update().get(pk=webhook.pk))
    if not _due(webhook).exists():
        return 0
    _ask(webhook, actor=None)
    return 1


def _due(webhook: Webhook) -> QuerySet[WebhookDelivery]:
    """Oldest first."""
    return WebhookDelivery.objects.filter(engagement=webhook.engagement_id).due().order_by("number")


def _ask(webhook: Webhook, *, actor: User | None) -> None:
    """At most one unfinished job a webhook: a receiver that is slow holds one worker, for one turn."""
    enqueue(KIND, subject=webhook, actor=actor, key=f"webhook-{webhook.pk}")


def make_deliveries(webhook: Webhook) -> None:
    """Inside the caller's transaction and under its lock of the engagement."""
    plan = load_plan()
    for _ in range(plan.batches):
        found = Suppression.objects.filter(engagement=webhook.engagement_id, pk__gt=webhook.suppressions_told)
        items = FeedbackItem.objects.filter(engagement=webhook.engagement_id, pk__gt=webhook.items_told)
        rows = list(found.order_by("pk").values(*FIELDS["suppression.changed"])[: plan.rows])
        told = list(items.order_by("pk").values(*FIELDS["feedback.taken"])[: plan.rows])
        if not rows and not told:
            break
        if rows:
            webhook.suppressions_told = rows[-1]["id"]
            _make(webhook, "suppression.changed", rows)
        if told:
            webhook.items_told = told[-1]["id"]
            _make(webhook, "feedback.taken", told)
    webhook.save(update_fields=["suppressions_told", "items_told"])


def _make(webhook: Webhook, kind: str, rows: Iterable[dict[str, Any]]) -> None:
    now, every = timezone.now(), list(rows)
    body = {"type": kind, "timestamp": now, "data": {"rows": every}}
    deliveries = WebhookDelivery.objects.filter(engagement=webhook.engagement_id)
    WebhookDelivery.objects.create(
        engagement_id=webhook.engagement_id,
        number=next_number(deliveries),
        kind=kind,
        body=json.dumps(body, cls=DjangoJSONEncoder),
        row_count=len(every),
        made_at=now,
        available_at=now,
    )


def send_due(webhook: Webhook) -> list[tuple[WebhookDelivery, Answer]]:
    """The slow half of the job."""
    return send_in_turn(_due(webhook).select_related("engagement")[: load_plan().batches], send)


def send(delivery: WebhookDelivery) -> Answer:
    """Reads the webhook anew: one that was removed or set anew meanwhile counts at once."""
    webhook = webhook_of(delivery.engagement)
    return send_to(webhook, delivery) if webhook else Answer(None, GONE)


@transaction.atomic
def note_answers(webhook: Webhook, answers: Iterable[tuple[WebhookDelivery, Answer]]) -> None:
    lock_engagement(webhook.engagement_id)  # as whoever removes the webhook does, before its deliveries
    for delivery, answer in answers:
        note_answer(delivery, answer)


def note_given_up(webhook: Webhook, *, said: str) -> None:
    """The job came to no end: the oldest that is due counts as not taken, so that it does not stand first for ever."""
    note_answers(webhook, [(delivery, Answer(None, said)) for delivery in _due(webhook)[:1]])


@transaction.atomic
def note_answer(delivery: WebhookDelivery, answer: Answer) -> WebhookDelivery:
    delivery = WebhookDelivery.objects.select_for_update().get(pk=delivery.pk)
    if note_attempt(delivery, answer):
        record("webhook.given_up", subject=delivery, actor=None, said=delivery.outcome)
    return delivery


@transaction.atomic
def replay_delivery(delivery: WebhookDelivery, *, actor: User) -> WebhookDelivery:
    """The same words under the same id, at once. Raises Conflict while it waits, and without a webhook."""
    engagement = lock_engagement(delivery.engagement_id)
    require_any(actor, EITHER_SIDE, engagement.organization)
    delivery = WebhookDelivery.objects.select_for_update().get(pk=delivery.pk)
    webhook = webhook_of(engagement)
    if webhook is None:
        raise Conflict("There is no webhook to send it to. Set one first.")
    if not delivery.has_ended:
        raise Conflict(f"{delivery} has not come to its end yet: it is sent by itself.")
    wait_again(delivery)
    record("webhook.replayed", subject=delivery, actor=actor, count=delivery.row_count)
    _ask(webhook, actor=actor)
    return delivery
