"""What sales wrote down answers some questions of discovery beforehand. Loaded by PricingConfig.ready()."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from core.wording import day_text
from discovery.prefills import Prefill, register_prefills
from pricing.models import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from discovery.questions.values import Value
    from engagements.models import Engagement

COUNTS = {
    "month": "month_volume",
    "peak": "peak_day",
    "ips": "send_ips",
    "streams": "streams_apart",
    "tenants": "tenants",
    "domains": "sender_domains",
}
PROGRAMS = {"milters": "milters", "bounce_processors": "bounce_program", "fbl_scripts": "complaint_program"}


@register_prefills
def told_to_sales(engagement: Engagement) -> dict[str, Prefill]:
    """The data points of the request, by question; those nobody recorded are left out."""
    request = Request.objects.filter(engagement=engagement).first()
    if request is None:
        return {}
    told_on = timezone.localdate(request.changed_at or request.created_at)
    origin = f"Told to sales, {day_text(told_on)}"
    return {question: Prefill(value, origin) for question, value in _values(request)}


def _values(request: Request) -> Iterator[tuple[str, Value]]:
    for column, question in COUNTS.items():
        if (count := getattr(request, column)) is not None:
            yield question, count
    for column, question in PROGRAMS.items():
        if (count := getattr(request, column)) is not None:
            yield question, "yes" if count else "no"
