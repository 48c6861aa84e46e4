"""What the documents need besides the components: dates out of snapshots, their charts, their sections."""

import segno
from django import template
from django.utils.safestring import SafeString, mark_safe

from core.wording import hash_groups, number_text
from engagements.statements import language_of
from engagements.steps import PHASES
from reports.comments import Comments

register = template.Library()

KILO = 1024


register.filter("language_of", language_of)  # of a declaration, as it was stored


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
