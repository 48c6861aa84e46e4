"""What the watch asks of people, on their home page. Loaded by DeliveryConfig.ready()."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from accounts.permissions import EITHER_SIDE, Permission, allowed, allowed_any, is_staff
from delivery.models import InsightCard
from engagements.decisions import Decision, register_decisions
from engagements.models import Engagement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User


@register_decisions()
def cards_open(user: User) -> Iterator[Decision]:
    """To the team every open card, to the others those that they were called for."""
    cards = InsightCard.objects.open().filter(engagement__in=Engagement.objects.worked_on_by(user))
    cards = cards if is_staff(user) else cards.filter(escalated_to=user.pk)
    for card in cards.select_related("engagement__organization").order_by("engagement_id", "number"):
        organization = card.engagement.organization
        is_theirs = card.escalated_to_id == user.pk and allowed(user, Permission.VIEW_EVIDENCE, organization)
        if is_theirs or allowed_any(user, EITHER_SIDE, organization):
            yield Decision(
                title=f"{'You were called: ' if is_theirs else ''}{card.title}, {card.about}",
                text=card.said,
                action="Open the card",
                url=reverse("watch:card", args=[card.engagement.code, card.number]),
                engagement=card.engagement,
            )
