"""Words without end, such as a base64 value out of a map, get places to break. Pure.

Without them the time to lay out one word grows with the square of its length: 20,000 letters take ten seconds.
"""

import re

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
