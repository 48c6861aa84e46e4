"""Lookup tables: references such as `proxy:hash:/path`, and the text sources they are built from.

Facts from DATABASE_README, postmap(1), regexp_table(5), pcre_table(5), cidr_table(5), aliases(5).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from discovery.postfix.braces import inside_braces, is_braced, split_outside_braces
from discovery.postfix.lines import BLANKS, is_comment_or_blank, logical_lines

TEXT_KINDS = frozenset({"hash", "btree", "lmdb", "cdb", "dbm", "sdbm", "texthash"})
PATTERN_KINDS = frozenset({"regexp", "pcre"})
SERVER_KINDS = frozenset({"mysql", "pgsql", "ldap", "sqlite", "memcache", "mongodb"})
FILE_KINDS = TEXT_KINDS | PATTERN_KINDS | SERVER_KINDS | {"cidr"}
NESTED_KINDS = frozenset({"unionmap", "pipemap"})
OTHER_KINDS = frozenset({"static", "inline", "randmap", "tcp", "socketmap", "environ", "nis", "netinfo", "fail"})
KINDS = FILE_KINDS | NESTED_KINDS | OTHER_KINDS
COMPILED_SUFFIXES = (".db", ".lmdb", ".cdb", ".dir", ".pag")
CONDITION = re.compile(r"(if|endif)\b", re.IGNORECASE)
ROW_START = re.compile(rf"^[^#{BLANKS}]", re.MULTILINE)
KEY = re.compile(r"""(?:\\.|"(?:\\.|[^"\\])*"|[^\s"\\])+""", re.DOTALL | re.ASCII)


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
    kind, path = kind_and_path(element)
    if kind in NESTED_KINDS and is_braced(path):
        yield from references(inside_braces(path)[0])
    elif kind in KINDS and path:
        yield Reference(kind, path, text)


def kind_and_path(element: str) -> tuple[str, str]:
    """`("hash", "/path")` of `proxy:hash:/path` and of `{ hash:/path, ... }`; the path is "" when it names no table."""
    if is_braced(element):
        inner = split_outside_braces(inside_braces(element)[0])
        return kind_and_path(inner[0]) if inner and not is_braced(inner[0]) else ("", "")
    kind, _, path = element.partition(":")
    while kind == "proxy":
        kind, _, path = path.partition(":")
    return kind, path


def included_files(value: str) -> Iterator[str]:
    """Absolute paths that stand in a list by themselves: Postfix reads their content as list elements."""
    for element in split_outside_braces(value):
        if element.lstrip("!").startswith("/"):
            yield element.lstrip("!")


def read_table(kind: str, text: str) -> Iterator[Entry]:
    """The rules of a text source, one at a time; server tables have none here."""
    if kind in TEXT_KINDS:
        yield from read_rows(text)
        return
    split = split_pattern if kind in PATTERN_KINDS else split_key
    for logical in logical_lines(text) if kind not in SERVER_KINDS else ():
        if not logical.is_orphan and not CONDITION.match(logical.text):
            key, value = split(logical.text)
            yield Entry(key, value.strip(BLANKS), logical.line)


def read_rows(text: str) -> Iterator[Entry]:
    """The rows of `key value` text. Without objects for the lines between: such files have millions of them."""
    row, number = "", 0
    for at, line in enumerate(physical_lines(text), start=1):
        if is_comment_or_blank(line):
            continue
        if line[0] in BLANKS:
            row += line if row else ""
            continue
        if row:
            yield entry_of(row, number)
        row, number = line, at
    if row:
        yield entry_of(row, number)


def count_rows(kind: str, text: str) -> int:
    """How many rules `read_table` would yield; of a text table without making any of them."""
    return len(ROW_START.findall(text)) if kind in TEXT_KINDS else sum(1 for _ in read_table(kind, text))


def physical_lines(text: str) -> Iterator[str]:
    """One line after the other; never all of them at once."""
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def entry_of(row: str, line: int) -> Entry:
    key, value = split_key(row)
    return Entry(key, value, line)


def split_key(text: str) -> tuple[str, str]:
    """Key and value at the first blank outside quotes, which stay; without a value Postfix ignores the row."""
    key = KEY.match(text)
    if key is None or text[key.end() : key.end() + 1] not in ("", *BLANKS):
        return text.strip(BLANKS), ""
    return key.group(), text[key.end() :].strip(BLANKS)


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


def read_aliases(text: str) -> Iterator[Entry]:
    """Rows of an aliases file: `name: targets`."""
    rows = ((logical, logical.text.partition(":")) for logical in logical_lines(text) if not logical.is_orphan)
    return (Entry(name.strip(BLANKS).strip('"'), value.strip(BLANKS), row.line) for row, (name, _, value) in rows)
