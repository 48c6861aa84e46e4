"""What the documents need besides the components: dates out of snapshots, their charts, their sections."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import segno
from django import template
from django.utils.safestring import SafeString, mark_safe

from core.wording import day_text, hash_groups, moment_text, number_text
from engagements.parties import party_name
from engagements.steps import PHASES
from reports.comments import Comments
from reports.zones import zone_of

register = template.Library()
register.filter("party", party_name)

KILO = 1024


@register.filter
def on_day(text: str) -> str:
    """Thu 14 May 2026, of an ISO date."""
    return day_text(date.fromisoformat(text)) if text else ""


@register.filter
def at_moment(text: str, content: Mapping[str, Any]) -> str:
    """Thu 14 May 2026, 17:00 GMT+2, of an ISO moment, in the zone of the document with this content."""
    return moment_text(datetime.fromisoformat(text), zone_of(content)) if text else ""


@register.filter
def open_on(comments: Comments, section: str) -> int:
    """How many comments on a section are open."""
    return comments.open_on(section)


@register.filter
def groups_of_eight(digest: str) -> str:
    return " ".join(hash_groups(digest))


@register.filter
def file_size(count: int) -> str:
    """812 bytes, 14 KB, 1.4 MB."""
    if count < KILO:
        return f"{count} bytes"
    return f"{count / KILO:.0f} KB" if count < KILO * KILO else f"{count / KILO / KILO:.1f} MB"


@register.filter
def figure(value: float) -> str:
    """1,402,117."""
    return number_text(value)


@register.simple_tag
def verify_code(url: str) -> SafeString:
    """The address as a QR code (ISO/IEC 18004), a drawing without style of its own."""
    drawn = segno.make(url, error="m", micro=False)
    return mark_safe(drawn.svg_inline(scale=3, border=2, title=f"QR code of {url}"))  # noqa: S308 (segno escapes)


@register.filter
def share_of_way(number: int) -> int:
    """Percent of the five phases behind whoever signs this one."""
    return number * 100 // len(PHASES)
