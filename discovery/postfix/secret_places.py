"""Where secrets stand in a text: expressions, each with the letters without which it cannot match.

No expression but those of private keys and of password tables crosses a line end. The letters are looked for first,
a few lines at a time, because that is a hundred times faster than the expressions.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from discovery.postfix.password_values import find_logins

FEW_LINES = 2048
PRIVATE_KEY_KIND = "private key"
PLACEHOLDER = re.compile(r"\[hidden/(?P<kind>[a-z-]+)/(?P<fingerprint>[0-9a-f]{12})\]")
WORDS = (
    r"(?:pass(?:word|wd|phrase)?|pwd|bind_?pw|secret|api[_-]?key|access[_-]?key|auth[_-]?token|token"
    r"|private_?key|client_?secret)"
)
TELLING = (
    "pass", "pwd", "bindpw", "bind_pw", "secret", "apikey", "api_key", "api-key", "accesskey", "access_key",
    "access-key", "token", "privatekey", "private_key",
)  # fmt: skip
KEYWORD = rf"{WORDS}(?:_?(?:value|string|\d+))?"
NAME = rf"[\w.-]{{0,60}}{KEYWORD}"
OPTION = (
    r"--(?:[a-z0-9]+[_-]){0,3}(?:pass(?:word|wd|phrase)?|pwd|secret|token|credentials?"
    r"|(?<=--)key|(?:api|access|auth|secret|private|license)[_-]?key)"
)
ARGUMENT = r"""(?P<secret>"[^"\n]+"|'[^'\n]+'|[^\s"'|;&<>()]+)"""
# Most programs mean a port or a path by -p: only letters mixed with digits or signs are taken for a password.
MIXED = r"""(?P<secret>(?=\S*[a-z])(?=\S*[\d!#%^*+?~])[^\s"'|;&<>()/$,.:=-][^\s"'|;&<>()/$:]{4,})"""
LOGIN_PROGRAMS = (
    r"\b(?:sshpass|ldap\w+|smbclient|lftp|ncftp\w*|mosquitto_\w+|redis-cli|htpasswd|wput|swaks|sendemail)\b"
)
HARMLESS = re.compile(
    r"""["']?(?:\$[{(]|\$\w+["';,)\\|&.]*$|\$\w+(?:->|\[|\.|::)|(?:/[\w.@-]+)+/?["';,)]*$|<[^>\n]*>?$"""
    r"""|%(?:\w*%|\(|s\b)|=|\{\{|\{\w*\}|os\.|env[.\[(]|getenv\(|config[.\[(]|sys\.|self\.|\[hidden/"""
    r"""|(?:hash|btree|lmdb|cdb|texthash|proxy|mysql|pgsql|ldap|regexp|pcre|static|inline|file|unix|inet):"""
    r"""|(?:yes|no|none|null|true|false|required|optional|plain|login|\d{1,3})["';,)]*$|[^\w\s]*$|-)""",
    re.IGNORECASE,
)
AUTHORIZATION = (
    r"""authorization["']?[ \t]*[:=,][ \t]*["']?(?:(?:basic|bearer|token|apikey)[ \t]+)?"""
    r"""(?P<secret>[^\s"',;]{6,})"""
)
STATIC = (
    r"""^(?![^\n]*transport)[^\n]*?\bstatic:(?:\{[ \t]*)?"""
    r"""(?!(?:smtp|lmtp|relay|error|discard|retry|hold|local|virtual):)"""
    r"""[^\s:,={}/]+:(?P<secret>(?![\[$/:])[^,}\s"']+)"""
)
HASH_NAMES = r"(?:s?sha|s?md5|cram-md5|blf-crypt|argon2)"


class Pattern(NamedTuple):
    """What is secret in a match is its group `secret`; without one of `letters` there is none. Case does not matter."""

    kind: str
    letters: tuple[str, ...]
    expression: re.Pattern[str]


def pattern(kind: str, letters: tuple[str, ...], expression: str) -> Pattern:
    return Pattern(kind, letters, re.compile(expression, re.IGNORECASE | re.MULTILINE))


PATTERNS = (
    pattern("password", TELLING, rf"""{KEYWORD}["']?[ \t]*(?:=>|:=|[:=])[ \t]*"(?P<secret>[^"\n]+)\""""),
    pattern("password", TELLING, rf"""{KEYWORD}["']?[ \t]*(?:=>|:=|[:=])[ \t]*'(?P<secret>[^'\n]+)'"""),
    pattern("password", TELLING, rf"""^[ \t]*{NAME}[ \t]*=[ \t]*(?P<secret>[^\s"'()][^\n"'()]{{0,500}}?)[ \t\r]*$"""),
    pattern("password", TELLING, rf"""^[ \t]*{NAME}[ \t]+(?P<secret>[^\s=:]\S*)[ \t\r]*$"""),
    pattern("password", ("pass",), r"""\blogin[ \t]+\S+[ \t]+password[ \t]+(?P<secret>\S+)"""),
    pattern("password", TELLING, rf"""{KEYWORD}[ \t]*[:=][ \t]*(?P<secret>[^\s"',;()\[\]{{}}]+)"""),
    pattern("password", ("${",), rf"""\$\{{\w*{KEYWORD}\w*:?[-=]["']?(?P<secret>[^\s"'}}$]+)"""),
    pattern("password", ("-ap",), rf"""(?<![^\s"'])--?ap[ \t]+{ARGUMENT}"""),
    pattern("password", ("--",), rf"""{OPTION}[ \t]*[= \t][ \t]*{ARGUMENT}"""),
    pattern("password", ("-pass",), rf"""(?<![^\s"'])-pass(?:word|wd)?[ \t]+{ARGUMENT}"""),
    pattern("password", (" -p", "\t-p", " -k", "\t-k", " -w", "\t-w"), rf"""(?<=[ \t])-[pkw][ \t]+["']?{MIXED}"""),
    pattern(
        "password",
        (" -p", "\t-p", " -w", "\t-w", " -a", "\t-a"),
        rf"""{LOGIN_PROGRAMS}[^\n|;]{{0,300}}?[ \t]-[pPwa][ \t]*{ARGUMENT}""",
    ),
    pattern("password", (" -u", "\t-u", "--user"), r"""(?:[ \t]-u|--user)[ =]?["']?[^\s:"'=]+:(?P<secret>[^\s"']+)"""),
    pattern("password", ("mysql",), r"""\bmysql\w*\b[^\n|;]{0,300}?[ \t]-p(?P<secret>[^\s"'-][^\s"']*)"""),
    pattern("password", (".login(",), r"""\.login\([^,\n]+,[ \t]*["'](?P<secret>[^"'\n]+)["']"""),
    pattern("password", ("{plain", "{clear"), r"""\{(?:plain|clear|cleartext)\}(?P<secret>[^\s:]+)"""),
    pattern("url password", ("://",), r"""\b[a-z][a-z0-9+.-]{0,15}://[^\s:/@]{0,200}:(?P<secret>[^\s/"'<>]{1,200})@"""),
    pattern("password", ("static:",), STATIC),
    pattern("token", ("authorization",), AUTHORIZATION),
    pattern("token", ("bearer", "basic"), r"""\b(?:bearer|basic)[ \t]+(?=\S*\d)(?P<secret>[\w.~+/=-]{12,})"""),
    pattern("token", ("plain",), r"""\bauth[ \t]+plain[ \t]+(?P<secret>[\w+/=]{8,})"""),
    pattern(
        "token",
        ("akia", "asia", "sk_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-"),
        r"""\b(?P<secret>(?:a[ks]ia[0-9a-z]{16}|sk_(?:live|test)_\w{8,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{12,}))""",
    ),
    pattern(
        "token",
        ("xox", "sg.", "key-"),
        r"""\b(?P<secret>(?:xox[abprs]-[\w-]{8,}|sg\.[\w-]{10,}\.[\w-]{10,}|key-[0-9a-f]{32}))""",
    ),
    pattern("token", ("eyj",), r"""\b(?P<secret>eyj[\w-]{8,}\.[\w-]{8,}\.[\w-]*)"""),
    pattern("password hash", ("$",), r"""(?P<secret>\$(?:1|2[abxy]?|5|6|7|y|apr1|argon2\w*|gy)\$[^\s:"']{8,})"""),
    pattern("password hash", ("{",), rf"""(?P<secret>\{{{HASH_NAMES}[\w.-]*\}}[^\s:]+)"""),
)
LETTERS = tuple(dict.fromkeys(letters for each in PATTERNS for letters in each.letters))
PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----(.*?)(?:-----END|\Z)", re.DOTALL)
KEY_LINE = re.compile(r"[^\s\\][^\n\r]*")
TABLE_SECRET = re.compile(r"^(?!#)\S+[ \t]+(?:[^\s:]*:)?(?P<secret>\S[^\n\r]*)", re.MULTILINE)
TABLE_COMMENT = re.compile(r"^#[ \t]*\S+[ \t]+[^\s:]+:(?P<secret>\S[^\n\r]*)", re.MULTILINE)
TABLE_CONTINUED = re.compile(r"^[ \t]+(?!#)(?:[^\s:]*:)?(?P<secret>\S[^\n\r]*)", re.MULTILINE)
TABLE_JOINED = re.compile(r"^[^\s#:]+:[^\s:]*:?(?P<secret>[^\s:]+)[ \t\r]*$", re.MULTILINE)
IN_TABLES = frozenset({TABLE_SECRET, TABLE_COMMENT, TABLE_CONTINUED, TABLE_JOINED})


@dataclass(frozen=True, slots=True)
class Span:
    """Where a secret stands in a text; it never crosses a line end."""

    start: int
    end: int
    kind: str


def find_spans(text: str, *, is_password_map: bool, followed: frozenset[str] = frozenset()) -> Iterator[Span]:
    """Every place that holds a secret; places may overlap. For `followed` see `find_logins`."""
    yield from spans_in_keys(text)
    for start, end in lines_at_a_time(text):
        folded = text[start:end].casefold()
        present = {letters for letters in LETTERS if letters in folded}
        for each in PATTERNS if present else ():
            if not present.isdisjoint(each.letters):
                yield from spans_of(each.expression, text, each.kind, start, end)
    yield from spans_in_values(text, followed)
    for expression in (TABLE_SECRET, TABLE_COMMENT, TABLE_CONTINUED, TABLE_JOINED) if is_password_map else ():
        yield from spans_of(expression, text, "password", 0, len(text))


def spans_in_keys(text: str) -> Iterator[Span]:
    """The lines between the two ends of a private key."""
    for block in PRIVATE_KEY.finditer(text):
        for line in KEY_LINE.finditer(text, block.start(1), block.end(1)):
            if not PLACEHOLDER.search(line.group()):
                yield Span(line.start(), line.end(), PRIVATE_KEY_KIND)


def lines_at_a_time(text: str) -> Iterator[tuple[int, int]]:
    """Stretches of some whole lines; one long line is one stretch."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + FEW_LINES) + 1 or len(text)
        yield start, end
        start = end


def spans_in_values(text: str, followed: frozenset[str]) -> Iterator[Span]:
    """Logins that stand in main.cf or in an option of a service, in the place of a table."""
    for start, end in find_logins(text, followed):
        if not PLACEHOLDER.search(text, start, end):
            yield Span(start, end, "password")


def spans_of(expression: re.Pattern[str], text: str, kind: str, start: int, end: int) -> Iterator[Span]:
    """Matches of one expression that are more than a reference to a secret kept elsewhere."""
    for match in expression.finditer(text, start, end):
        secret = match["secret"].rstrip()
        is_reference = kind == "password" and expression not in IN_TABLES and HARMLESS.match(secret)
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
