"""Turns a table into one that a phone shows as cards: every cell says which column it belongs to."""

import re
from html import unescape
from itertools import count

from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString

MOST_COLUMNS = 4
HEAD = re.compile(r"<thead\b.*?</thead>", re.DOTALL)
HEADING = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
OPENING = re.compile(r"<(tr|td|th)\b([^>]*)>")
WHOLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
BLANK = re.compile(r"(<td\b[^>]*>)\s+(?=</td>)")
TABLE = re.compile(r'<table class="table(?![^"]*\btable--cards\b)')
LABELLED = "data-label="


def headings_of(markup: str) -> list[str]:
    """The names of the columns, as text."""
    head = HEAD.search(markup)
    return [" ".join(unescape(strip_tags(name)).split()) for name in HEADING.findall(head.group())] if head else []


def with_cards(markup: str) -> SafeString:
    """The same table with `table--cards` and a `data-label` on each cell of its body. It needs a head of one row."""
    # Every part was markup before, and the labels are escaped.
    return SafeString(TABLE.sub('<table class="table table--cards', _labelled(markup), count=1))


def with_labels(markup: str) -> SafeString:
    """Markup that holds any number of tables, each with a `data-label` on the cells of its body."""
    return SafeString(WHOLE.sub(lambda table: _labelled(table.group()), markup))


def _labelled(markup: str) -> str:
    """One table. A cell that brings a label of its own keeps it; without a head nothing has a label."""
    labels = headings_of(markup)
    head = HEAD.search(markup)
    start = head.end() if head else 0
    columns = count()

    def labelled(opening: re.Match[str]) -> str:
        nonlocal columns
        name, attributes = opening.groups()
        if name == "tr":
            columns = count()
            return opening.group()
        position = next(columns)
        label = labels[position] if position < len(labels) and LABELLED not in attributes else ""
        return f'<{name}{attributes} data-label="{escape(label)}">' if label else opening.group()

    body = BLANK.sub(r"\1", markup[start:])  # a cell without anything is no line of a card
    return markup[:start] + OPENING.sub(labelled, body)
