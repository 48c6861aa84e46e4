"""Quotes that wait for the reader's answer, on their home page. Loaded by PricingConfig.ready()."""

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse

from accounts.models import Duty, User
from core.wording import amount_text
from engagements.decisions import Decision, register_decisions
from engagements.models import Engagement
from pricing.content import valid_until_text
from pricing.models import Quote

IS_AMENDMENT = Q(amends__isnull=False, engagement__phase=Engagement.Phase.DISCOVERY)


@register_decisions
def quotes_to_answer(user: User) -> Iterable[Decision]:
    """Open quotes of organizations for which this person accepts."""
    duty = {"memberships__user": user, "memberships__duties__kind": Duty.Kind.ACCEPT_QUOTES}
    waiting = (
        Quote.objects.visible_to(user)
        .open()
        .filter(Q(engagement__phase=Engagement.Phase.INTAKE) | IS_AMENDMENT)
        .filter(**{f"engagement__organization__{path}": value for path, value in duty.items()})
    )
    for quote in waiting.select_related("engagement__organization"):
        until = valid_until_text(quote.valid_until, quote.engagement.organization) if quote.valid_until else ""
        yield Decision(
            title=f"Accept or decline quote {quote.reference}",
            text=f"{quote.tier_label}, {amount_text(quote.total)} fixed fee. It is valid until {until}.",
            action="Read the quote",
            url=reverse("pricing:quote", args=[quote.reference]),
            engagement=quote.engagement,
            due_at=quote.valid_until,
        )
