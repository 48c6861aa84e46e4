"""Components that show one value: a moment, a sum, a fingerprint, a clock."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from core import wording
from core.components import ClockReading, ClockState
from core.shares import share_text

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from django.utils.safestring import SafeString
    from djmoney.money import Money

register = template.Library()

FEWEST_DIGITS, MOST_DIGITS = 7, 15  # the most as ITU-T E.164 has it
# Groups after the first two have two digits and more, and no hour or 24/7 behind a number is one of them.
TELEPHONE = re.compile(r"(?<!\w)\+\d+(?:[ .-]?\(\d+\))?(?:[ .-]\d(?=[ .-]))?(?:[ .-]?\d{2,}(?!\d*[/:]))*")

CLOCK_ICONS = {
    ClockState.CALM: "clock",
    ClockState.SOON: "diamond",
    ClockState.LATE: "octagon",
    ClockState.PAUSED: "pause",
    ClockState.KEPT: "tick",
    ClockState.MISSED: "octagon",
}


@register.inclusion_tag("components/when.html")
def when(at: datetime, *, is_relative: bool = True, is_house: bool = False) -> dict[str, Any]:
    """A moment in the reader's zone, the consultancy's in the tooltip; `is_house` turns the two round.

    Raises ValueError for a naive moment.
    """
    in_house = wording.moment_text(at, ZoneInfo(settings.CONSULTANCY["time_zone"]))
    of_reader = wording.moment_text(at, timezone.get_current_timezone())
    return {
        "machine": at.isoformat(timespec="seconds"),
        "text": in_house if is_house else of_reader,
        "other": f"{of_reader} where you are" if is_house else f"{in_house} at {settings.CONSULTANCY['short_name']}",
        "distance": wording.distance_text(at, timezone.now()) if is_relative else "",
    }


@register.simple_tag
def share(part: float | None) -> SafeString:
    """A part of 1 in percent, with a true minus sign and in one piece; "not known" for none."""
    return format_html('<span class="text-nowrap">{}</span>', "not known" if part is None else share_text(part))


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


@register.inclusion_tag("components/command.html")
def command(text: str, label: str = "the command") -> dict[str, Any]:
    """What somebody types into a shell, with a button that copies it. `label` says to screen readers what is copied."""
    return {"text": text, "lines": text.splitlines(), "label": label}


@register.simple_tag
def telephones(text: str) -> SafeString:
    """Words with a link to call each number in them that begins with + and its country (RFC 3966)."""
    rows: list[tuple[str, str, str]] = []
    end = 0
    for found in TELEPHONE.finditer(text):
        digits = re.sub(r"\D", "", found[0].replace("(0)", ""))
        if FEWEST_DIGITS <= len(digits) <= MOST_DIGITS:
            rows.append((text[end : found.start()], digits, found[0]))
            end = found.end()
    return format_html("{}{}", format_html_join("", '{}<a href="tel:+{}">{}</a>', rows), text[end:])


@register.inclusion_tag("components/sla_clock.html")
def sla_clock(
    promise: datetime | ClockReading,
    *,
    label: str = "Due",
    stopped_at: datetime | None = None,
    is_house: bool = False,
) -> dict[str, Any]:
    """What is left of a promise: clock, diamond when it is soon, octagon when it is late. Stops when it was kept.

    A moment counts by the calendar. `is_house` writes the due time in the consultancy's zone.
    """
    reading = promise if isinstance(promise, ClockReading) else _by_the_calendar(promise, stopped_at)
    return {
        "reading": reading,
        "state": str(reading.state),
        "ticks": reading.due_at.isoformat(timespec="seconds") if reading.due_at and reading.is_calendar else "",
        "icon": CLOCK_ICONS[reading.state],
        "label": label,
        "is_house": is_house,
        "span": wording.span_text(reading.left),
    }


def _by_the_calendar(due_at: datetime, stopped_at: datetime | None) -> ClockReading:
    return ClockReading(due_at - (stopped_at or timezone.now()), due_at, is_stopped=stopped_at is not None)
