"""Lookup tables: references such as `proxy:hash:/path`, and the text sources they are built from.

Facts from DATABASE_README, postmap(1), regexp_table(5), pcre_table(5), cidr_table(5), aliases(5).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from discovery.postfix.braces import inside_braces, is_braced, split_outside_braces
from discovery.postfix.lines import BLANKS, LogicalLine, logical_lines

TEXT_KINDS = frozenset({"hash", "btree", "lmdb", "cdb", "dbm", "sdbm", "texthash"})
PATTERN_KINDS = frozenset({"regexp", "pcre"})
SERVER_KINDS = frozenset({"mysql", "pgsql", "ldap", "sqlite", "memcache", "mongodb"})
FILE_KINDS = TEXT_KINDS | PATTERN_KINDS | SERVER_KINDS | {"cidr"}
NESTED_KINDS = frozenset({"unionmap", "pipemap"})
OTHER_KINDS = frozenset({"static", "inline", "randmap", "tcp", "socketmap", "environ", "nis", "netinfo", "fail"})
KINDS = FILE_KINDS | NESTED_KINDS | OTHER_KINDS
COMPILED_SUFFIXES = (".db", ".lmdb", ".cdb", ".dir", ".pag")
CONDITION = re.compile(r"(if|endif)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reference:
    """One `type:path`; `text` is how it is written, for finding its line."""

    kind: str
    path: str
    text: str

    @property
    def is_file(self) -> bool:
        return self.kind in FILE_KINDS and self.path.startswith(("/", "."))


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a table; for pattern tables the key is the pattern with its delimiters and flags."""

    key: str
    value: str
    line: int


def references(value: str) -> Iterator[Reference]:
    """Every table named in a list, nested ones included, in the order of the list."""
    for element in split_outside_braces(value):
        yield from reference_of(element.lstrip("!"), element)


def reference_of(element: str, text: str) -> Iterator[Reference]:
    """The table or tables of one list element; nothing when it names none."""
    if is_braced(element):
        inner = split_outside_braces(inside_braces(element)[0])
        yield from reference_of(inner[0], text) if inner and not is_braced(inner[0]) else ()
        return
    kind, _, path = element.partition(":")
    while kind == "proxy":
        kind, _, path = path.partition(":")
    if kind in NESTED_KINDS and is_braced(path):
        yield from references(inside_braces(path)[0])
    elif kind in KINDS and path:
        yield Reference(kind, path, text)


def included_files(value: str) -> Iterator[str]:
    """Absolute paths that stand in a list by themselves: Postfix reads their content as list elements."""
    for element in split_outside_braces(value):
        if element.lstrip("!").startswith("/"):
            yield element.lstrip("!")


def read_table(kind: str, text: str) -> tuple[Entry, ...]:
    """The rows of a text source; server tables have none here."""
    if kind in SERVER_KINDS:
        return ()
    split = split_pattern if kind in PATTERN_KINDS else split_key
    entries = (entry_of(logical, split) for logical in logical_lines(text) if not logical.is_orphan)
    return tuple(entry for entry in entries if not CONDITION.match(entry.key))


def entry_of(logical: LogicalLine, split: Callable[[str], tuple[str, str]]) -> Entry:
    key, value = split(logical.text)
    return Entry(key, value.strip(BLANKS), logical.line)


def split_key(text: str) -> tuple[str, str]:
    """Key and value at the first blank, or behind a quoted key."""
    if text.startswith('"') and (end := text.find('"', 1)) > 0:
        return text[1:end], text[end + 1 :].lstrip(": \t")
    key, _, value = text.replace("\t", " ").strip(BLANKS).partition(" ")
    return key.removesuffix(":"), value


def split_pattern(text: str) -> tuple[str, str]:
    """`/pattern/flags` and the action; the delimiter is whatever character comes first."""
    body = text.lstrip("!" + BLANKS)
    if not body or body[0].isalnum():
        return split_key(text)
    offset = 1
    while offset < len(body) and body[offset] != body[0]:
        offset += 2 if body[offset] == "\\" else 1
    while offset < len(body) and body[offset] not in BLANKS:
        offset += 1
    start = len(text) - len(body)
    return text[: start + offset], body[offset:]


def read_aliases(text: str) -> tuple[Entry, ...]:
    """Rows of an aliases file: `name: targets`."""
    rows = ((logical, logical.text.partition(":")) for logical in logical_lines(text) if not logical.is_orphan)
    return tuple(Entry(name.strip(BLANKS).strip('"'), value.strip(BLANKS), row.line) for row, (name, _, value) in rows)
