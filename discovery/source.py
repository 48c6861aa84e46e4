"""A text file as numbered lines, a page at a time. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

LINES_PER_PAGE = 2000
LINE_ENDS = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class SourceLine:
    number: int
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class SourcePage:
    """Some consecutive lines of a file; `before` and `after` are the first lines of the neighbouring pages, or None."""

    lines: tuple[SourceLine, ...]
    total: int
    before: int | None
    after: int | None


def page_of_source(text: str, *, line: int = 1) -> SourcePage:
    """The page that holds the line; the last one when there is no such line."""
    lines = LINE_ENDS.split(text)
    if lines and not lines[-1]:
        lines.pop()
    line = max(1, min(line, len(lines)))
    first = (line - 1) // LINES_PER_PAGE * LINES_PER_PAGE
    shown = lines[first : first + LINES_PER_PAGE]
    width = len(str(first + len(shown)))
    numbered = tuple(
        SourceLine(number, str(number).rjust(width), _visible(content))
        for number, content in enumerate(shown, start=first + 1)
    )
    after = first + LINES_PER_PAGE + 1
    return SourcePage(
        numbered,
        len(lines),
        before=first - LINES_PER_PAGE + 1 if first else None,
        after=after if after <= len(lines) else None,
    )


def _visible(text: str) -> str:
    """Control characters, also those that turn the direction of text, are shown as a mark instead of acting."""
    return "".join(letter if letter.isprintable() or letter == "\t" else "\N{REPLACEMENT CHARACTER}" for letter in text)
