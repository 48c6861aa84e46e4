"""Values as PowerMTA's configuration writes them (PowerMTA 5.0 User's Guide, 3.2 Syntax definitions)."""

import re
from collections.abc import Sequence
from zlib import crc32

from discovery.translation.sending import Expression

UNITS = ((604_800, "w"), (86_400, "d"), (3600, "h"), (60, "m"), (1, "s"))
NAME = re.compile(r"[^A-Za-z0-9._-]")
SAFE_VALUE = re.compile(r"[^\s#\"<>]+")
BRACKETED = re.compile(r"\[\^?\]?(?:\[:\w+:\]|[^\]])*\]")
HEADER_START = re.compile(r"\^(?P<name>[A-Za-z0-9-]+):")
TOKEN = re.compile(r"\\?.", re.DOTALL)
ENDINGS = frozenset('/#"\t\n\r\v\f')
FLAGS = {"regexp": "im", "pcre": "ims"}


class UnwritableError(ValueError):
    """A value that cannot stand in a PowerMTA configuration; the text is a sentence."""


def interval(seconds: int) -> str:
    """`1d12h` of 129,600 (TIME-INTERVAL)."""
    parts, left = "", seconds
    for size, unit in UNITS:
        if left >= size:
            parts += f"{left // size}{unit}"
            left %= size
    return parts or "0s"


def name_of(text: str) -> str:
    """A name for a virtual MTA, a source or a list; two texts never have the same."""
    clean = NAME.sub("-", text)
    return clean if clean == text and text else f"{clean}-{crc32(text.encode('utf-8', 'surrogatepass')):08x}"


def value(text: str) -> str:
    """A domain, address or path as it is; raises UnwritableError for what would end or change the line."""
    if not SAFE_VALUE.fullmatch(text):
        raise UnwritableError(f"{text!r} holds a character that cannot stand in a line of this configuration.")
    return text


def literal(text: str) -> str:
    """A fixed text within a pattern."""
    return "".join(each if each.isalnum() or not each.isascii() else guarded(f"\\{each}") for each in text)


def guarded(pattern: str) -> str:
    """A pattern without the characters that would end it or its line: they are written by their number."""
    return TOKEN.sub(lambda found: by_number(found.group()), pattern)


def by_number(token: str) -> str:
    return f"\\x{ord(token[-1]):02x}" if token[-1] in ENDINGS else token


def matcher(patterns: Sequence[Expression]) -> str:
    """`/.../` that matches where all of these do; raises UnwritableError for an option with no equal here."""
    if len(patterns) == 1 and not patterns[0].is_negated:
        return f"/{inner(patterns[0])}/"
    return f"/(?s)^{lookaheads(patterns)}/"


def lookaheads(patterns: Sequence[Expression]) -> str:
    return "".join(f"(?{'!' if each.is_negated else '='}.*{inner(each)})" for each in patterns)


def inner(pattern: Expression) -> str:
    """The expression with its options in front; patterns of Postfix ignore case unless `i` switches that off."""
    unknown = [flag for flag in pattern.flags if flag not in FLAGS[pattern.dialect]]
    if unknown:
        raise UnwritableError(f"The option {unknown[0]} of a {pattern.dialect} pattern has no equal in PowerMTA.")
    text = from_posix(pattern.text) if pattern.dialect == "regexp" else pattern.text
    on = "".join(("" if pattern.flags.count("i") % 2 else "i", "m" if pattern.flags.count("m") % 2 else ""))
    on += "s" if pattern.dialect == "pcre" and not pattern.flags.count("s") % 2 else ""
    off = "i" if "i" not in on else ""
    return f"(?{on}{'-' if off else ''}{off}:{guarded(text)})"


def from_posix(text: str) -> str:
    r"""A POSIX expression for PCRE: in brackets a backslash stands for itself there, and `\<` `\>` are word ends."""
    outside = BRACKETED.sub(lambda found: found.group().replace("\\", "\\\\"), text)
    return outside.replace("\\<", "\\b").replace("\\>", "\\b")


def header_of(patterns: Sequence[Expression]) -> tuple[str, tuple[Expression, ...]]:
    """`("x-stream", patterns over what follows the colon)`; raises UnwritableError when no one header is meant."""
    found = [HEADER_START.match(each.text) for each in patterns]
    names = {match["name"].lower() if match else "" for match in found}
    if len(names) != 1 or "" in names or any(each.is_negated for each in patterns):
        raise UnwritableError("PowerMTA looks at one named header, and this pattern does not begin with one.")
    rest = tuple(
        Expression(each.dialect, f"^{each.text[match.end() :]}", each.flags, each.is_negated)
        for each, match in zip(patterns, found, strict=True)
        if match
    )
    return names.pop(), rest
