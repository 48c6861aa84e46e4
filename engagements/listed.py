"""The list of engagements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.models.user import person_name
from core.addresses import addresses_of
from engagements.models import Engagement, Gate
from engagements.models.engagement import phases_agreed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from accounts.models import User
    from engagements.models.engagement import EngagementQuerySet

_PHASE_NAMES: dict[str, str] = dict(Engagement.Phase.choices)


def listed_engagements(reader: User) -> QuerySet[Engagement, tuple[Any, ...]]:
    """What the list tells of each, the newest first; the signed gates are counted where they stand.

    Columns, no models: making fifty with their customers and leads costs more than asking for them.
    """
    of_engagement = Gate.objects.filter(engagement=OuterRef("pk"), state=Gate.State.SIGNED)
    signed = of_engagement.order_by().values("engagement").values(count=Count("pk"))
    visible: EngagementQuerySet = Engagement.objects.visible_to(reader)
    told = ("code", "title", "phase", "is_plan_only", "organization__name", "lead__full_name", "lead__email")
    counted = visible.annotate(signed_count=Coalesce(Subquery(signed), 0))
    return counted.order_by("-pk").values_list(*told, "signed_count")


def listed_rows(page: Iterable[tuple[Any, ...]]) -> list[dict[str, str]]:
    """In the words of the list, each with the percent that is signed."""
    address = addresses_of("engagements:detail")
    return [
        {
            "code": code,
            "url": address(code),
            "title": title,
            "customer": customer,
            "phase": _PHASE_NAMES[phase],
            "signed": f"{signed * 100 // phases_agreed(is_plan_only=is_plan_only)} %",
            "lead": person_name(lead_name, lead_email) if lead_email else "",
        }
        for code, title, phase, is_plan_only, customer, lead_name, lead_email, signed in page
    ]
