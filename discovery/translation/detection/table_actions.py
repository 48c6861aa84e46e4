"""Lookup tables, and what their rows say: each kind of action of a table once, with the number of its rows."""

import hashlib
import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from discovery.postfix import MapUse
from discovery.postfix.routes import split_target
from discovery.postfix.tables import CONDITION, FILE_KINDS, PATTERN_KINDS, Entry
from discovery.translation.detection.bench import ACCESS_LISTS, CHECKS, TRANSPORT_TABLES, Bench
from discovery.translation.detection.found import ACCESS, ALIAS, CHECK, MAP_TYPE, TLS_POLICY, TRANSPORT, Found

ALIASES = frozenset({"alias_maps", "alias_database"})
POLICIES = re.compile(r"(smtp|lmtp)_tls_policy_maps")
ANSWERS = frozenset(
    {
        *("OK", "RELAY", "PERMIT", "DUNNO", "REJECT", "DEFER", "DEFER_IF_PERMIT", "DEFER_IF_REJECT"),
        *("DISCARD", "HOLD", "FILTER", "REDIRECT", "BCC", "PREPEND", "INFO", "WARN"),
    }
)
UNREAD = "unread"
CUTTING_OFF = frozenset({"421", "521"})
REPLY_CODE = re.compile(r"[45]\d\d")
RESTRICTION_WORD = re.compile(r"(reject|permit|defer|check|warn_if)_\w+|sleep|permit|defer", re.IGNORECASE)
OF_PROGRAM = frozenset({"lmtp", "local", "virtual", "pipe"})
SPECIAL = frozenset({"error", "retry", "discard", "smtp", "lmtp", "local", "virtual"})
Names = Callable[[Bench, Entry], Iterator[str]]


def find_tables(bench: Bench) -> Iterator[Found]:
    """Each use of a table, then what the rows of those in the upload say."""
    for table in bench.instance.maps:
        place = f"{table.service} {table.parameter}".strip()
        lines = 1 if family_of(bench, table) else max(table.entries or 1, 1)
        subject = f"{place} {table.kind}:{table.path}"
        yield Found(MAP_TYPE, table.kind, subject, table.file, table.line, table.path, lines)
    seen: set[tuple[str, str]] = set()
    for table in bench.instance.maps:
        family = family_of(bench, table)
        if family and table.kind in FILE_KINDS and (family[0], table.source or table.path) not in seen:
            seen.add((family[0], table.source or table.path))
            yield from actions_of(bench, table, *family) if table.source else unread(table, family[0])


def unread(table: MapUse, kind: str) -> Iterator[Found]:
    """A table whose rows are not in the upload, or stand in a database: nobody can say what they do."""
    yield Found(kind, UNREAD, f"{table.kind}:{table.path}", table.file, table.line, table.parameter)


def family_of(bench: Bench, table: MapUse) -> tuple[str, Names] | None:
    """What sort of answers a table gives, or None for one whose rows are plain values."""
    parameter = table.parameter
    if ACCESS_LISTS.search(parameter) or parameter in bench.classes:
        return ACCESS, answers
    if CHECKS.search(parameter):
        return CHECK, checks
    if TRANSPORT_TABLES.search(parameter):
        return TRANSPORT, next_hops
    if parameter in ALIASES:
        return ALIAS, alias_targets
    return (TLS_POLICY, policies) if POLICIES.fullmatch(parameter) else None


def actions_of(bench: Bench, table: MapUse, kind: str, names: Names) -> Iterator[Found]:
    """One of each action, at its first row."""
    found: dict[str, Found] = {}
    for entry in bench.entries(table):
        for name in names(bench, entry):
            first = found.setdefault(name, Found(kind, name, table.source, table.source, entry.line, entry.value, 0))
            found[name] = replace(first, lines=first.lines + 1, rows=chained(first.rows, entry))
    yield from found.values()
    if kind == CHECK and table.kind in PATTERN_KINDS:
        yield from conditions_in(bench, table)


def chained(digest: str, entry: Entry) -> str:
    """The digest of the rows so far, with one more."""
    text = f"{digest}\0{entry.key}\0{entry.value}"
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def rows_by_action(bench: Bench) -> Iterator[tuple[str, str, str, int]]:
    """`(file, kind, action, line)` of every row, each table of a kind once."""
    seen: set[tuple[str, str]] = set()
    for table in bench.tables:
        family = family_of(bench, table)
        if family and (family[0], table.source) not in seen:
            seen.add((family[0], table.source))
            for entry in bench.entries(table):
                yield from ((table.source, family[0], name, entry.line) for name in family[1](bench, entry))


def conditions_in(bench: Bench, table: MapUse) -> Iterator[Found]:
    lines = [
        number
        for number, text in enumerate(bench.bundle.files[table.source].text.split("\n"), 1)
        if CONDITION.match(text) and text.lower().startswith("if")
    ]
    if lines:
        yield Found(CHECK, "IF", table.source, table.source, lines[0], "", len(lines))


def answers(bench: Bench, entry: Entry) -> Iterator[str]:
    """What a row of an access table answers. A row without a value is ignored by Postfix."""
    word = entry.value.split(None, 1)[0].rstrip(",") if entry.value else ""
    if word.upper() in ANSWERS:
        yield word.upper()
    elif word in CUTTING_OFF:
        yield "DISCONNECT"
    elif REPLY_CODE.fullmatch(word):
        yield "REJECT" if word.startswith("5") else "DEFER"
    elif word.isdecimal():
        yield "OK"
    elif word in bench.classes or RESTRICTION_WORD.fullmatch(word):
        yield "RESTRICTION"
    elif word:
        yield word


def checks(_bench: Bench, entry: Entry) -> Iterator[str]:
    if entry.value:
        yield entry.value.split(None, 1)[0].upper()


def next_hops(bench: Bench, entry: Entry) -> Iterator[str]:
    """Where a row of a transport table leads: by the program of its service."""
    transport, nexthop = split_target(entry.value)
    if not transport:
        yield "smtp" if nexthop else "default"
        return
    service = next((each for each in bench.instance.services if each.name == transport and each.kind == "unix"), None)
    if transport in SPECIAL or (transport == "relay" and service):
        yield "smtp" if transport == "relay" else transport
    elif service is None:
        yield "missing"
    else:
        program = posixpath.basename(service.command)
        yield program if program in OF_PROGRAM else "own"


def alias_targets(_bench: Bench, entry: Entry) -> Iterator[str]:
    """What the targets of one alias are, each kind once."""
    targets = (target.strip().strip('"').lstrip() for target in entry.value.split(","))
    yield from dict.fromkeys(alias_kind(target) for target in targets if target)


def alias_kind(text: str) -> str:
    if text.startswith("|"):
        return "program"
    if text.startswith("/"):
        return "file"
    return "include" if text.lower().startswith(":include:") else "address"


def policies(_bench: Bench, entry: Entry) -> Iterator[str]:
    if entry.value:
        yield entry.value.split(None, 1)[0].lower()
