"""Turns a table of few columns into one that a phone shows as cards: every cell says which column it belongs to."""

import re
from html import unescape
from itertools import count

from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString

MOST_COLUMNS = 4
HEAD = re.compile(r"<thead\b.*?</thead>", re.DOTALL)
HEADING = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
OPENING = re.compile(r"<(tr|td|th)\b([^>]*)>")
BLANK = re.compile(r"(<td\b[^>]*>)\s+(?=</td>)")
TABLE = re.compile(r'<table class="table(?![^"]*\btable--cards\b)')
LABELLED = "data-label="


def headings_of(markup: str) -> list[str]:
    """The names of the columns, as text."""
    head = HEAD.search(markup)
    return [" ".join(unescape(strip_tags(name)).split()) for name in HEADING.findall(head.group())] if head else []


def with_cards(markup: str) -> SafeString:
    """The same table with `table--cards` and a `data-label` on each cell of its body. It needs a head of one row.

    A cell that brings a label of its own keeps it.
    """
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

    named = TABLE.sub('<table class="table table--cards', markup[:start], count=1)
    body = BLANK.sub(r"\1", markup[start:])  # a cell without anything is no line of a card
    # Every part was markup before, and the labels are escaped.
    return SafeString(named + OPENING.sub(labelled, body))
