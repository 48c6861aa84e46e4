"""The webhook to the customer's own systems: set, removed. Its secret is shown once and then lies sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.permissions import EITHER_SIDE, require_any
from core import sealing
from core.audit import record
from core.errors import Conflict, DomainError
from delivery.feedback.posting import AddressRefused, checked_url, new_secret
from delivery.models import FeedbackItem, Suppression, Webhook, WebhookDelivery
from engagements.domain.lock_engagement import lock_engagement, lock_living

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User
    from engagements.models import Engagement

_PURPOSE = "secrets of webhooks"
BEGIN = {"suppressions_told": 0, "items_told": 0}


@transaction.atomic
def set_webhook(engagement: Engagement, *, url: str, from_start: bool, actor: User) -> tuple[Webhook, str]:
    """The webhook and its new secret, which is told nobody again.

    What waited is sent to the new address. `from_start` tells everything that is stored; otherwise a first webhook is
    told what comes from now on, and a later one goes on where the one before stood.
    """
    engagement = lock_living(engagement.pk)
    require_any(actor, EITHER_SIDE, engagement.organization)
    try:
        address = checked_url(url)
    except AddressRefused as refused:
        raise DomainError(f"{refused} Nothing was changed.") from refused
    secret = new_secret()
    facts = {
        "url": address,
        "sealed_secret": sealing.seal(secret.encode(), purpose=_PURPOSE),
        "set_by": actor,
        "set_at": timezone.now(),
    }
    told = BEGIN if from_start else {}
    webhook, _ = Webhook.objects.update_or_create(
        engagement=engagement,
        defaults={**facts, **told},
        create_defaults={**facts, **(told or _all_told(engagement))},
    )
    record("webhook.set", subject=webhook, actor=actor, url=webhook.url)
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
    waiting.update(given_up_at=timezone.now(), said="The webhook was removed.")
    record("webhook.removed", subject=webhook, actor=actor, url=webhook.url)
    webhook.delete()


def webhook_of(engagement: Engagement) -> Webhook | None:
    return Webhook.objects.filter(engagement=engagement).first()


def secret_of(webhook: Webhook) -> str:
    """Raises DomainError for one that was kept under another SECRET_KEY."""
    try:
        return sealing.unseal(bytes(webhook.sealed_secret), purpose=_PURPOSE).decode()
    except InvalidToken as error:
        raise DomainError(
            "The secret of the webhook cannot be read any more: the portal's SECRET_KEY is another one now. Set the "
            "webhook once more. Nothing was sent."
        ) from error
