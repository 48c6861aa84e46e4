"""What the documents need besides the components: dates out of snapshots, their charts, their sections."""

import segno
from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from core.wording import hash_groups, number_text
from engagements.statements import language_of
from engagements.steps import PHASES
from reports.comments import Comments
from reports.long_words import COMMAND_WIDTH, broken

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
def command_lines(command: str) -> SafeString:
    """A command for paper: each line broken between its words, so that nobody types in two what is one."""
    lines = ((place, part) for line in command.splitlines() for place, part in enumerate(broken(line, COMMAND_WIDTH)))
    return format_html_join(
        "",
        '<span class="command__line{}">{}</span>',
        ((" command__rest" if place else "", part) for place, part in lines),
    )


@register.simple_tag
def verify_code(url: str) -> SafeString:
    """The address as a QR code (ISO/IEC 18004), a drawing without style of its own."""
    drawn = segno.make(url, error="m", micro=False)
    return mark_safe(drawn.svg_inline(scale=3, border=2, title=f"QR code of {url}"))  # noqa: S308 (segno escapes)


@register.filter
def share_of_way(number: int) -> int:
    """Percent of the five phases behind whoever signs this one."""
    return number * 100 // len(PHASES)
