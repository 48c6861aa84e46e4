"""Words without end, such as a base64 value out of a map, get places to break. Pure.

Without them the time to lay out one word grows with the square of its length: 20,000 letters take ten seconds.
"""

import re
from collections.abc import Iterator

COMMAND_WIDTH = 80  # letters of fixed width that fit on a line of paper
INDENT = 8  # of what goes on from the line above
_TEXT = re.compile(r">([^<]+)<")
_LETTER = r"(?:&#?\w+;|[^\s&])"
_LONG_WORD = re.compile(_LETTER + "{121,}")
_PIECE = re.compile(_LETTER + "{1,90}")


def break_long_words(html: str) -> str:
    """The document with <wbr> inside every word of more than 120 letters of its body. Shorter ones stay whole."""
    head, body, rest = html.partition("<body")
    return head + body + _TEXT.sub(_in_text, rest)


def _in_text(text: re.Match[str]) -> str:
    return ">" + _LONG_WORD.sub(lambda word: "<wbr>".join(_PIECE.findall(word[0])), text[1]) + "<"


def broken(line: str, width: int) -> Iterator[str]:
    """The parts of a line of fixed width: broken between words, and inside a word only where it alone is too long."""
    while len(line) > width:
        at = line.rfind(" ", len(line) - len(line.lstrip()), width) + 1 or width
        yield line[:at].rstrip()
        line, width = line[at:], min(width, COMMAND_WIDTH - INDENT)
    yield line
