"""Masks passwords, keys and tokens before anything is stored. Line numbers stay as they are.

A secret leaves behind a keyed fingerprint: the same secret gives the same fingerprint for the
same key, and nothing about it can be learned without the key.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from discovery.postfix.facts import HiddenSecret

SHORTEST_LITERAL = 6
PLAIN_PATH = re.compile(r"(?:/[\w.-]+)+/?")
FINGERPRINT_LENGTH = 12
PRIVATE_KEY_KIND = "private key"
PLACEHOLDER = re.compile(r"\[hidden/(?P<kind>[a-z-]+)/(?P<fingerprint>[0-9a-f]{12})\]")
WORDS = (
    r"(?:pass(?:word|wd|phrase)?|pwd|bind_?pw|secret|api[_-]?key|access[_-]?key|auth[_-]?token|token"
    r"|private_?key|client_?secret)"
)
KEYWORD = rf"{WORDS}(?:_?(?:value|string|\d+))?"
NAME = rf"[\w.-]{{0,60}}{KEYWORD}"
HARMLESS = re.compile(
    r"(?:\$|/|<|%|=|\{|os\.|env|getenv|config|sys\.|self\.|\[hidden/|(?:hash|btree|lmdb|cdb|texthash|proxy|mysql|pgsql|ldap"
    r"|regexp|pcre|static|inline|file|unix|inet):)|(?:yes|no|none|null|true|false|required|optional|plain|login|\d{1,3})$",
    re.IGNORECASE,
)
AUTHORIZATION = (
    r"""authorization["']?[ \t]*[:=,][ \t]*["']?(?:(?:basic|bearer|token|apikey)[ \t]+)?"""
    r"""(?P<secret>[^\s"',;]{6,})"""
)
PATTERNS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE | re.MULTILINE))
    for kind, pattern in (
        ("password", rf"""{KEYWORD}["']?[ \t]*(?:=>|:=|[:=])[ \t]*"(?P<secret>[^"\n]+)\""""),
        ("password", rf"""{KEYWORD}["']?[ \t]*(?:=>|:=|[:=])[ \t]*'(?P<secret>[^'\n]+)'"""),
        ("password", rf"""^[ \t]*{NAME}[ \t]*=[ \t]*(?P<secret>[^\s"'()][^\n"'()]{0,500}?)[ \t\r]*$"""),
        ("password", rf"""^[ \t]*{NAME}[ \t]+(?P<secret>[^\s=:]\S*)[ \t\r]*$"""),
        ("password", r"""\blogin[ \t]+\S+[ \t]+password[ \t]+(?P<secret>\S+)"""),
        ("password", rf"""{KEYWORD}[ \t]*[:=][ \t]*(?P<secret>[^\s"',;()\[\]{{}}]+)"""),
        ("password", r"""--?(?:auth-password|password|passwd|ap)[ \t]+["']?(?P<secret>[^\s"'-][^\s"']*)"""),
        ("password", r"""(?:[ \t]-u|--user)[ =]?["']?[^\s:"'=]+:(?P<secret>[^\s"']+)"""),
        ("password", r"""\bmysql\w*\b[^\n|;]{0,300}?[ \t]-p(?P<secret>[^\s"'-][^\s"']*)"""),
        ("password", r"""\.login\([^,\n]+,[ \t]*["'](?P<secret>[^"'\n]+)["']"""),
        ("password", r"""\{(?:plain|clear|cleartext)\}(?P<secret>[^\s:]+)"""),
        ("url password", r"""\b[a-z][a-z0-9+.-]{0,15}://[^\s:/@]{0,200}:(?P<secret>[^\s/@]+)@"""),
        ("token", AUTHORIZATION),
        ("token", r"""\b(?:bearer|basic)[ \t]+(?=\S*\d)(?P<secret>[\w.~+/=-]{12,})"""),
        ("token", r"""\b(?P<secret>(?:akia[0-9a-z]{16}|sk_(?:live|test)_\w{8,}|gh[pousr]_\w{20,}|glpat-[\w-]{12,}))"""),
        ("token", r"""\b(?P<secret>(?:xox[abprs]-[\w-]{8,}|sg\.[\w-]{10,}\.[\w-]{10,}|key-[0-9a-f]{32}))"""),
        ("token", r"""\b(?P<secret>eyj[\w-]{8,}\.[\w-]{8,}\.[\w-]*)"""),
        ("password hash", r"""(?P<secret>\$(?:1|2[abxy]?|5|6|7|y|apr1|argon2\w*|gy)\$[^\s:"']{8,})"""),
        ("password hash", r"""(?P<secret>\{(?:s?sha|s?md5|cram-md5|blf-crypt|argon2)[\w.-]*\}[^\s:]+)"""),
    )
)  # fmt: skip
PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----(.*?)(?:-----END|\Z)", re.DOTALL)
KEY_LINE = re.compile(r"[^\s\\][^\n\r]*")
TABLE_SECRET = re.compile(r"^(?!#)\S+[ \t]+(?:[^\s:]*:)?(?P<secret>\S[^\n\r]*)", re.MULTILINE)
TABLE_COMMENT = re.compile(r"^#[ \t]*\S+[ \t]+[^\s:]+:(?P<secret>\S[^\n\r]*)", re.MULTILINE)
TABLE_CONTINUED = re.compile(r"^[ \t]+(?!#)(?:[^\s:]*:)?(?P<secret>\S[^\n\r]*)", re.MULTILINE)
TABLE_JOINED = re.compile(r"^[^\s#:]+:[^\s:]*:?(?P<secret>[^\s:]+)[ \t\r]*$", re.MULTILINE)
INLINE_MAPS = re.compile(r"^\w*sasl_password_maps[ \t]*=.*\n?(?:[ \t]+[^\s#].*\n?|#.*\n(?=[ \t]))*", re.MULTILINE)
INLINE_SECRET = re.compile(r"(?:(?<=[\w\]>])[ \t]*=[ \t]*|\bstatic:)[^\s:,={}/]+:(?P<secret>(?!/)[^,}\s]+)")

IN_TABLES = frozenset({TABLE_SECRET, TABLE_COMMENT, TABLE_CONTINUED, TABLE_JOINED, INLINE_SECRET})


@dataclass(frozen=True, slots=True)
class Span:
    """Where a secret stands in a text; it never crosses a line end."""

    start: int
    end: int
    kind: str


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


def mask_and_collect(content: bytes, *, key: bytes, is_password_map: bool) -> tuple[bytes, dict[str, str]]:
    """The masked content, and `{secret: kind}` for one more pass over the other files."""
    text, encoding = decode(content)
    spans = merge(sorted(find_spans(text, is_password_map=is_password_map), key=lambda span: (span.start, -span.end)))
    literals = {text[span.start : span.end]: span.kind for span in spans}
    masked = mask_literals(mask_spans(text, spans, key), literals, key)
    return masked.encode(encoding, "replace"), literals


def hidden_secrets(path: str, text: str) -> Iterator[HiddenSecret]:
    """What the placeholders of a masked text say; the lines of one private key count once."""
    key_line = -1
    for number, line in enumerate(text.split("\n"), start=1):
        for found in PLACEHOLDER.finditer(line):
            kind = found["kind"].replace("-", " ")
            is_same_key = kind == PRIVATE_KEY_KIND and number in {key_line, key_line + 1}
            key_line = number if kind == PRIVATE_KEY_KIND else key_line
            if not is_same_key:
                yield HiddenSecret(path, number, kind, found["fingerprint"])


def decode(content: bytes) -> tuple[str, str]:
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("latin-1"), "latin-1"


def find_spans(text: str, *, is_password_map: bool) -> Iterator[Span]:
    """Every place that holds a secret; places may overlap."""
    for block in PRIVATE_KEY.finditer(text):
        for line in KEY_LINE.finditer(text, block.start(1), block.end(1)):
            if not PLACEHOLDER.search(line.group()):
                yield Span(line.start(), line.end(), PRIVATE_KEY_KIND)
    for kind, pattern in PATTERNS:
        yield from spans_of(pattern, text, kind)
    for maps in INLINE_MAPS.finditer(text):
        start = text.find("=", maps.start()) + 1
        yield from spans_of(INLINE_SECRET, text, "password", start, maps.end())
    if is_password_map:
        for pattern in (TABLE_SECRET, TABLE_COMMENT, TABLE_CONTINUED, TABLE_JOINED):
            yield from spans_of(pattern, text, "password")


def spans_of(pattern: re.Pattern[str], text: str, kind: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Matches of one pattern that are more than a reference to a secret kept elsewhere."""
    for match in pattern.finditer(text, start, len(text) if end is None else end):
        secret = match["secret"].rstrip()
        is_reference = kind == "password" and pattern not in IN_TABLES and HARMLESS.match(secret)
        if not is_reference and not PLACEHOLDER.search(secret):
            yield Span(match.start("secret"), match.start("secret") + len(secret), kind)


def merge(spans: list[Span]) -> list[Span]:
    """Overlapping places joined into one, so that no rest of a secret stays behind."""
    merged: list[Span] = []
    for span in spans:
        if span.start >= span.end:
            continue
        if merged and span.start < merged[-1].end:
            first = merged.pop()
            span = Span(first.start, max(first.end, span.end), first.kind)  # noqa: PLW2901 - the join goes on
        merged.append(span)
    return merged


def placeholder(secret: str, kind: str, key: bytes) -> str:
    return f"[hidden/{kind.replace(' ', '-')}/{fingerprint_of(secret, key)}]"


def mask_spans(text: str, spans: list[Span], key: bytes) -> str:
    """Replace each place by a placeholder."""
    parts: list[str] = []
    position = 0
    for span in spans:
        parts += [text[position : span.start], placeholder(text[span.start : span.end], span.kind, key)]
        position = span.end
    return "".join((*parts, text[position:]))


def mask_literals(text: str, literals: Mapping[str, str], key: bytes) -> str:
    """Replace further copies of known secrets, wherever they stand in the text."""
    for literal in sorted(literals, key=len, reverse=True):
        if len(literal) >= SHORTEST_LITERAL and not PLAIN_PATH.fullmatch(literal) and literal in text:
            text = text.replace(literal, placeholder(literal, literals[literal], key))
    return text
