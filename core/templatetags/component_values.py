"""Components that show one value: a moment, a sum, a fingerprint, a clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html

from core import wording

if TYPE_CHECKING:
    from decimal import Decimal

    from django.utils.safestring import SafeString
    from djmoney.money import Money

register = template.Library()

SOON = timedelta(hours=12)


@register.inclusion_tag("components/when.html")
def when(at: datetime, *, is_relative: bool = True) -> dict[str, Any]:
    """A moment in the reader's zone; the consultancy's in the tooltip. Raises ValueError for a naive moment."""
    house_zone = ZoneInfo(settings.CONSULTANCY["time_zone"])
    return {
        "machine": at.isoformat(timespec="seconds"),
        "text": wording.moment_text(at, timezone.get_current_timezone()),
        "house": f"{wording.moment_text(at, house_zone)} at {settings.CONSULTANCY['short_name']}",
        "distance": wording.distance_text(at, timezone.now()) if is_relative else "",
    }


@register.simple_tag
def day(on: date) -> SafeString:
    """Thu 14 May 2026."""
    return format_html('<time datetime="{}">{}</time>', f"{on:%Y-%m-%d}", wording.day_text(on))


@register.simple_tag
def amount(value: Money | Decimal | int, currency: str = "") -> SafeString:
    """USD 28,500, kept on one line. Raises ValueError for a sum without a currency."""
    return format_html('<span class="amount">{}</span>', wording.amount_text(value, currency))


@register.simple_tag
def number(value: Decimal | float) -> SafeString:
    """1,402,117 in figures of one width."""
    return format_html('<span class="figure">{}</span>', wording.number_text(value))


@register.inclusion_tag("components/hash.html")
def hash(digest: str, label: str = "Fingerprint") -> dict[str, Any]:  # noqa: A001 (the tag is called as people call it)
    """A fingerprint in groups of eight with a button that copies it. `label` names it to screen readers."""
    return {"digest": digest, "groups": wording.hash_groups(digest), "label": label}


@register.inclusion_tag("components/sla_clock.html")
def sla_clock(due_at: datetime, *, label: str = "Due", stopped_at: datetime | None = None) -> dict[str, Any]:
    """What is left of a promise: clock, diamond under 12 hours, octagon when it is over. Stops when it was kept."""
    left = due_at - (stopped_at or timezone.now())
    state = "late" if left <= timedelta(0) else "soon" if left < SOON else "calm"
    if stopped_at:
        state = "missed" if left < timedelta(0) else "kept"
    return {
        "due_at": due_at,
        "machine": due_at.isoformat(timespec="seconds"),
        "state": state,
        "icon": {"calm": "clock", "soon": "diamond", "kept": "tick"}.get(state, "octagon"),
        "label": label,
        "span": wording.span_text(left),
    }
