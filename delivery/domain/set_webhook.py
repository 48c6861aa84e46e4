"""The webhook to the customer's own systems: set, removed. Its secret is shown once and then lies sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.permissions import EITHER_SIDE, allowed_any, require_any
from core.audit import record
from core.errors import Conflict
from core.webhooks.posting import new_secret
from core.webhooks.sealed import accepted_url, digest_of, hidden_url, seal_secret, sealed_url, shown_url
from core.webhooks.sending import GONE
from delivery.models import FeedbackItem, Suppression, Webhook, WebhookDelivery
from engagements.domain.lock_engagement import lock_engagement, lock_living

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User
    from engagements.models import Engagement

BEGIN = {"suppressions_told": 0, "items_told": 0}


@transaction.atomic
def set_webhook(engagement: Engagement, *, url: str, from_start: bool, actor: User) -> tuple[Webhook, str]:
    """The webhook and its new secret, which is told nobody again.

    What waited is sent to the new address. `from_start` tells everything that is stored; otherwise a first webhook is
    told what comes from now on, and a later one goes on where the one before stood.
    """
    engagement = lock_living(engagement.pk)
    require_any(actor, EITHER_SIDE, engagement.organization)
    address, secret = accepted_url(url), new_secret()
    facts = {
        **sealed_url(address),
        "sealed_secret": seal_secret(secret),
        "set_by": actor,
        "set_at": timezone.now(),
    }
    told = BEGIN if from_start else {}
    webhook, _ = Webhook.objects.update_or_create(
        engagement=engagement,
        defaults={**facts, **told},
        create_defaults={**facts, **(told or _all_told(engagement))},
    )
    record("webhook.set", subject=webhook, actor=actor, url=webhook.origin, digest=digest_of(address))
    return webhook, secret


def _all_told(engagement: Engagement) -> dict[str, int]:
    def newest(rows: QuerySet[Any]) -> int:
        return int(rows.filter(engagement=engagement).aggregate(last=Max("pk"))["last"] or 0)

    return {"suppressions_told": newest(Suppression.objects.all()), "items_told": newest(FeedbackItem.objects.all())}


@transaction.atomic
def remove_webhook(engagement: Engagement, *, actor: User) -> None:
    """What waits is given up; the log of deliveries stays. Also after the end. Raises Conflict where there is none."""
    engagement = lock_engagement(engagement.pk)
    require_any(actor, EITHER_SIDE, engagement.organization)
    webhook = webhook_of(engagement)
    if webhook is None:
        raise Conflict("There is no webhook to remove.")
    waiting = WebhookDelivery.objects.filter(engagement=engagement).waiting()
    waiting.update(given_up_at=timezone.now(), said=GONE)
    record("webhook.removed", subject=webhook, actor=actor, url=webhook.origin)
    webhook.delete()


def webhook_of(engagement: Engagement) -> Webhook | None:
    return Webhook.objects.filter(engagement=engagement).first()


def url_for(webhook: Webhook, reader: User) -> str:
    """Path and query only for those who may set it; they may hold a token."""
    may_set = allowed_any(reader, EITHER_SIDE, webhook.engagement.organization)
    return shown_url(webhook) if may_set else hidden_url(webhook)
