"""Logins that stand in a value where a table of passwords is named: `static:user:...`, rows in braces, `$name`.

Everything after the name of a login goes, whatever table type holds it.
"""

import re
from collections.abc import Iterator

from discovery.postfix.braces import closing_brace, split_with_offsets
from discovery.postfix.parameters import catalogue
from discovery.postfix.tables import KINDS, NESTED_KINDS

PASSWORD_MAPS = "sasl_password_maps"  # noqa: S105 - the end of the names of parameters
# From the sign to the end of the logical line, or to the next option of a service.
VALUE = r"[ \t]*=(?P<value>(?:(?!\s-o\s).)*(?:\n(?!\s+-o\s)[ \t]+[^\s#](?:(?!\s-o\s).)*|\n#.*(?=\n[ \t]))*)"
REFERENCE = re.compile(r"\$(?:\{|\()?(\w+)")
TYPE = re.compile(rf"(?:(?:{'|'.join(sorted({*KINDS, 'proxy', 'internal', 'unix'}))}):)+")
LOGIN = re.compile(r"(?:^|(?<=[\s,={]))[^\s:,={}\[\]/][^\s:,={}\[\]]*:[ \t]*(?=\S)")
CONDITIONAL = re.compile(r"\$\{[^{}]*(?=\{)")
DEEPEST = 20
QUOTES = " \t\r\n\"'"
Place = tuple[int, int]


def names_followed(text: str) -> frozenset[str]:
    """Parameters of the customer's own that the value of a password table refers to."""
    if PASSWORD_MAPS not in text:
        return frozenset()
    found = {name for value, _ in values_of(text, ()) for name in REFERENCE.findall(value)}
    return frozenset(found - catalogue().keys())


def values_of(text: str, names: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """`(value, where it starts)` of password tables, or of the parameters named."""
    name = "|".join(map(re.escape, names)) if names else rf"\w*{PASSWORD_MAPS}"
    for match in re.finditer(rf"(?<!\w)(?:{name}){VALUE}", text):
        yield match["value"], match.start("value")


def find_logins(text: str, followed: frozenset[str] = frozenset()) -> Iterator[Place]:
    """Where passwords stand in such values; `followed` are parameters that other files refer to."""
    if PASSWORD_MAPS in text:
        for value, start in values_of(text, ()):
            yield from moved(logins_in_list(value), start)
    names = tuple(sorted(followed | names_followed(text)))
    for value, start in values_of(text, names) if names else ():
        yield from moved(logins_in_list(value), start)
        yield from moved(bare_words(value), start)


def moved(places: Iterator[Place], by: int) -> Iterator[Place]:
    return ((start + by, end + by) for start, end in places)


def bare_words(value: str) -> Iterator[Place]:
    """What is neither a table nor a path: a part of a login."""
    for word, start in split_with_offsets(value):
        if ":" not in word and word[0] not in "/${}":
            yield start, start + len(word)


def logins_in_list(value: str, depth: int = 0) -> Iterator[Place]:
    """The logins among the tables of a list."""
    for word, start in split_with_offsets(value):
        types = TYPE.match(word) or CONDITIONAL.match(word)
        end = types.end() if types else 0
        kind = word[:end].rstrip(":").rpartition(":")[2]
        rest = word[end:]
        if rest.startswith("{") and depth < DEEPEST:
            yield from moved(logins_in_group(kind, rest[1 : closing_brace(rest)], depth + 1), start + end + 1)
        elif kind == "static" or rest.startswith("{") or not (types or rest.startswith("$")):
            yield from moved(login_in(rest), start + end)


def logins_in_group(kind: str, inside: str, depth: int) -> Iterator[Place]:
    """The logins of what stands in braces after a table type."""
    if kind in NESTED_KINDS or kind.startswith("$") or TYPE.match(inside.lstrip()):
        yield from logins_in_list(inside, depth)
        return
    for word, start in split_with_offsets(inside) if kind != "static" else [(inside, 0)]:
        row = word[1 : closing_brace(word)] if word.startswith("{") else word
        key = row.find("=") + 1 if kind == "inline" else 0
        yield from moved(login_in(row[key:]), start + word.startswith("{") + key)


def login_in(row: str) -> Iterator[Place]:
    """All that follows the name of a login, line by line; a reference to a secret kept elsewhere stays."""
    login = LOGIN.search(row)
    if login is None:
        return
    end = len(row.rstrip(QUOTES))
    while row[login.end() : end].count("}") > row[login.end() : end].count("{") and row[end - 1] == "}":
        end -= 1
    for part in re.finditer(r"\S(?:[^\n]*\S)?", row[login.end() : end]):
        if not re.fullmatch(r"\$\w+|\$[{(]\w+[)}]", part.group()):
            yield login.end() + part.start(), login.end() + part.end()
