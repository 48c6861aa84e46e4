"""Masks passwords, keys and tokens before anything is stored. Line numbers stay as they are.

A secret leaves behind a keyed fingerprint: the same secret gives the same fingerprint for the
same key, and nothing about it can be learned without the key.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from discovery.postfix.bundle import encoding_of
from discovery.postfix.facts import HiddenSecret
from discovery.postfix.parameters import catalogue
from discovery.postfix.secret_places import PLACEHOLDER, PRIVATE_KEY_KIND, Span, find_spans, merge

SHORTEST_LITERAL = 6
PLAIN_PATH = re.compile(r"(?:/[\w.-]+)+/?")
FINGERPRINT_LENGTH = 12
FEW = 64
OWN_WORDS = ("hidden", "postfix")


@dataclass(frozen=True, slots=True)
class Masked:
    """A file without its secrets, and where they were."""

    content: bytes
    secrets: tuple[HiddenSecret, ...]


def fingerprint_of(secret: str, key: bytes) -> str:
    """A short keyed digest, to recognise the same secret in two places."""
    return hmac.new(key, secret.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()[:FINGERPRINT_LENGTH]


def mask_file(path: str, content: bytes, *, key: bytes, is_password_map: bool = False) -> Masked:
    """Mask every secret of one file; `key` is the portal's, not the customer's."""
    masked, _ = mask_and_collect(content, key=key, is_password_map=is_password_map)
    return Masked(masked, tuple(hidden_secrets(path, decode(masked)[0])))


def mask_and_collect(
    content: bytes, *, key: bytes, is_password_map: bool, followed: frozenset[str] = frozenset()
) -> tuple[bytes, dict[str, str]]:
    """The masked content, and `{secret: kind}` for one more pass over the other files.

    `followed` are parameters that a password table of another file refers to.
    """
    text, encoding = decode(content)
    found = find_spans(text, is_password_map=is_password_map, followed=followed)
    spans = merge(sorted(found, key=lambda span: (span.start, -span.end)))
    if not spans:
        return content, {}
    literals = {text[span.start : span.end]: span.kind for span in spans}
    masked = mask_literals(mask_spans(text, spans, key), literals, key)
    return masked.encode(encoding, "replace"), literals


def hidden_secrets(path: str, text: str) -> Iterator[HiddenSecret]:
    """What the placeholders of a masked text say; the lines of one private key count once."""
    key_line, number, counted = -1, 1, 0
    for found in PLACEHOLDER.finditer(text):
        number, counted = number + text.count("\n", counted, found.start()), found.start()
        kind = found["kind"].replace("-", " ")
        is_same_key = kind == PRIVATE_KEY_KIND and number in {key_line, key_line + 1}
        key_line = number if kind == PRIVATE_KEY_KIND else key_line
        if not is_same_key:
            yield HiddenSecret(path, number, kind, found["fingerprint"])


def decode(content: bytes) -> tuple[str, str]:
    encoding = encoding_of(content)
    return content.decode(encoding), encoding


def placeholder(secret: str, kind: str, key: bytes) -> str:
    return f"[hidden/{kind.replace(' ', '-')}/{fingerprint_of(secret, key)}]"


def mask_spans(text: str, spans: Iterable[Span], key: bytes) -> str:
    """Replace each place by a placeholder."""
    parts: list[str] = []
    position = 0
    for span in spans:
        parts += [text[position : span.start], placeholder(text[span.start : span.end], span.kind, key)]
        position = span.end
    return "".join((*parts, text[position:]))


def mask_literals(text: str, literals: Mapping[str, str], key: bytes) -> str:
    """Replace further copies of known secrets, wherever they stand in the text."""
    wanted = {literal: kind for literal, kind in literals.items() if is_telling(literal)}
    copies = copies_of_few(text, wanted) if len(wanted) <= FEW else copies_of_many(text, wanted)
    taken = [Span(found.start(), found.end(), "") for found in PLACEHOLDER.finditer(text)]
    ordered = sorted([*taken, *copies], key=lambda span: (span.start, bool(span.kind), -span.end))
    return mask_spans(text, list(apart(ordered)), key) if len(ordered) > len(taken) else text


def apart(ordered: Iterable[Span]) -> Iterator[Span]:
    """Copies that overlap no placeholder and no copy before them; of those that begin together the longest."""
    end = 0
    for span in ordered:
        if span.start >= end:
            end = span.end
            if span.kind:
                yield span


def is_telling(literal: str) -> bool:
    """Whether copies of a secret can be told from other text: not when it is short, a path or a word of Postfix."""
    is_ordinary = PLAIN_PATH.fullmatch(literal) or literal.lower() in ordinary_words()
    return len(literal) >= SHORTEST_LITERAL and not is_ordinary


@cache
def ordinary_words() -> frozenset[str]:
    """Words that stand in every configuration; somebody's password being one of them must not make it unreadable."""
    return frozenset({word for name in catalogue() for word in (name, *name.split("_"))} | set(OWN_WORDS))


def copies_of_few(text: str, literals: Mapping[str, str]) -> Iterator[Span]:
    for literal, kind in literals.items():
        start = text.find(literal)
        while start >= 0:
            yield Span(start, start + len(literal), kind)
            start = text.find(literal, start + len(literal))


def copies_of_many(text: str, literals: Mapping[str, str]) -> Iterator[Span]:
    """One walk over the text, however many secrets there are: thousands of logins are not looked for one by one."""
    by_start: dict[str, list[str]] = {}
    for literal in sorted(literals, key=len, reverse=True):
        by_start.setdefault(literal[:SHORTEST_LITERAL], []).append(literal)
    for start in range(len(text) - SHORTEST_LITERAL + 1):
        for literal in by_start.get(text[start : start + SHORTEST_LITERAL], ()):
            if text.startswith(literal, start):
                yield Span(start, start + len(literal), literals[literal])
                break
