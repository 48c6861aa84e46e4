"""Components with content between an opening and a closing tag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify

from core.table_cards import MOST_COLUMNS, headings_of, with_cards, with_labels

if TYPE_CHECKING:
    from datetime import datetime

register = template.Library()

TONES = frozenset({"plain", "problem", "old"})
NOTICES = {"info": "info", "completed": "tick", "waiting": "diamond", "problem": "octagon"}


def _one_of(value: str, allowed: frozenset[str]) -> str:
    if value not in allowed:
        raise ValueError(f"{value!r} is none of {', '.join(sorted(allowed))}")
    return value


@register.simple_block_tag
def panel(content: SafeString, title: str, *, note: str = "", anchor: str = "", tone: str = "plain") -> SafeString:
    """A sheet with a heading. `note` stands to the right of it and may be markup marked safe."""
    anchor = anchor or slugify(title)
    return SafeString(
        render_to_string(
            "components/panel.html",
            {
                "content": content,
                "title": title,
                "note": note,
                "anchor": anchor,
                "tone": _one_of(tone, TONES),
            },
        )
    )


@register.simple_block_tag
def decision(
    content: SafeString, title: str, *, due_at: datetime | None = None, anchor: str = "decision"
) -> SafeString:
    """The one warm sheet: something waits for the reader."""
    context = {"content": content, "title": title, "due_at": due_at, "anchor": anchor}
    return SafeString(render_to_string("components/decision.html", context))


@register.simple_block_tag
def notice(content: SafeString, kind: str = "info", title: str = "") -> SafeString:
    """A remark inside a page: info, completed, waiting or problem."""
    context = {"content": content, "kind": _one_of(kind, frozenset(NOTICES)), "icon": NOTICES[kind], "title": title}
    return SafeString(render_to_string("components/notice.html", context))


@register.simple_block_tag
def summary(content: SafeString, *, is_narrow: bool = False) -> SafeString:
    """A summary list whose lines are written with {% term %}."""
    return format_html('<dl class="summary{}">{}</dl>', " summary--narrow" if is_narrow else "", content)


@register.simple_block_tag
def term(content: SafeString, name: str) -> SafeString:
    return format_html('<div class="summary__row"><dt>{}</dt><dd>{}</dd></div>', name, content)


@register.simple_block_tag
def breadcrumb(content: SafeString) -> SafeString:
    """The way here, written with {% crumb %}."""
    return format_html('<nav class="breadcrumb-trail" aria-label="Breadcrumb"><ol>{}</ol></nav>', content)


@register.simple_tag
def crumb(label: str, url: str = "") -> SafeString:
    """One step of the way; without `url` it is the page itself."""
    if not url:
        return format_html('<li><span aria-current="page">{}</span></li>', label)
    return format_html('<li><a href="{}">{}</a></li>', url, label)


@register.simple_block_tag
def table_scroll(content: SafeString, label: str, *, is_cards: bool = False) -> SafeString:
    """A table. Up to four columns are cards on a phone; more scroll sideways in a region reachable by keyboard.

    `is_cards` asks for cards however many columns there are, where people have to read whole rows.
    """
    columns = len(headings_of(content))
    is_wide = columns > MOST_COLUMNS and not is_cards
    shown = with_cards(content) if columns and not is_wide else content
    hint = SafeString('<p class="table-hint">More columns stand to the right: scroll sideways.</p>') if is_wide else ""
    region = '{}<div class="table-scroll" role="region" tabindex="0" aria-label="{}">{}</div>'
    return format_html(region, hint, label, shown)


@register.simple_block_tag
def labelled(content: SafeString) -> SafeString:
    """Tables of a document: each cell says its column, for a phone that shows rows as cards."""
    return with_labels(content)
