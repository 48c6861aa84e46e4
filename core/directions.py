"""Invisible characters that turn the direction of writing. Pure.

One of them that is not closed mirrors what stands after it on the same line, also where that is not its writer's.
Letters of Arabic and Hebrew need none: they turn themselves.
"""

import re

_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# The same in a JSON body: as UTF-8, or escaped by a backslash that is not escaped itself.
_IN_JSON = re.compile(
    rb"\xd8\x9c|\xe2\x80[\x8e\x8f\xaa-\xae]|\xe2\x81[\xa6-\xa9]"
    rb"|(?<!\\)(?:\\\\)*\\u(?:061c|200[ef]|202[a-e]|206[6-9])",
    re.IGNORECASE,
)


def count_turns(text: str) -> int:
    return len(_TURNS.findall(text))


def without_turns(text: str) -> str:
    return _TURNS.sub("", text)


def has_turns(body: bytes) -> bool:
    return bool(_IN_JSON.search(body))
