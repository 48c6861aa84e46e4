"""Looks a message up in the logs themselves: its lines on every side, by Message-ID, queue id, recipient or trace.

What a line names beside what was asked for (the queue id of a Message-ID, the Message-ID of a trace) is looked for in
the next round, so that the lines of one message are found on both sides.
"""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from delivery.logs.journal import is_native, names, standard
from delivery.logs.laundering import lines_of
from discovery.maillog.files import BROKEN, opened, pieces_of
from discovery.maillog.samples import masked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from delivery.logs.sources import Source

ROUNDS = 3
MOST_KEYS = 40
MOST_OF_A_LOG = 100
LONGEST_SHOWN = 400
SHORTEST_KEY = 6  # of what a line names beside: anything shorter stands in too many others
TRACE, MESSAGE_ID = 3, 12  # fields of the journal's lines, as docs/proxy-journal.md says
QUEUE_ID = re.compile(rb"postfix\S*\[\d+\]: ([0-9A-F]{6,}|[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{10,}): ")
POSTFIX_ID = re.compile(rb"(?:message-id=<?|X-Gatepost-Id: +)([^<>\s;]+)", re.IGNORECASE)
PART_OF_A_WORD = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789_@+-")


@dataclass(frozen=True, slots=True)
class Found:
    """Lines by the number of their file; `number` counts from 1 in the unpacked file."""

    source: int
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    lines: tuple[Found, ...]
    is_cut: bool  # there are more than are listed
    unread: int = 0  # lines that hold what was asked for, of which the fields could not be told apart


def find_message(sources: Sequence[Source], asked: str, *, tell: Callable[[int, int], object]) -> Finding:
    """At most MOST_OF_A_LOG lines of each file. `tell` hears how many files were read of how many."""
    keys, lines, is_cut = [plain(asked.encode())], dict[int, list[tuple[int, bytes]]](), False
    unread = dict[int, int]()
    for round_number in range(ROUNDS):
        named = dict[bytes, None]()
        for place, source in enumerate(sources, 1):
            held, is_full = lines_holding(source.path, keys)
            lines[source.number] = held  # of more keys than in the round before
            found_names, unread[source.number] = named_in(source, [line for _, line in held])
            named |= dict.fromkeys(found_names)
            is_cut = is_cut or is_full
            tell(round_number * len(sources) + place, ROUNDS * len(sources))
        new = [key for key in named if key not in keys][: MOST_KEYS - len(keys)]
        if not new:
            break
        keys += new
    return Finding(tuple(shown(lines, frozenset(keys))), is_cut, sum(unread.values()))


def shown(lines: Mapping[int, Sequence[tuple[int, bytes]]], spared: frozenset[bytes]) -> Iterator[Found]:
    for source, held in lines.items():
        for number, line in held:
            yield Found(source, number, masked(line, spared=spared, longest=LONGEST_SHOWN))


def plain(word: bytes) -> bytes:
    return word.strip(b"<> \t").lower()


def lines_holding(path: Path, keys: Sequence[bytes]) -> tuple[list[tuple[int, bytes]], bool]:
    """Number and text of the first lines that hold a key as a whole word, and whether there are more."""
    held, number = list[tuple[int, bytes]](), 1
    with path.open("rb") as packed:
        try:
            for pieces in pieces_of(opened(packed)):
                text = b"".join(pieces)
                for begin in sorted(set(begins_holding(text, keys))):
                    if len(held) == MOST_OF_A_LOG:
                        return held, True
                    line = text[begin : text.index(b"\n", begin)].rstrip(b"\r")
                    held.append((number + text.count(b"\n", 0, begin), line))
                number += text.count(b"\n")
        except BROKEN:
            return held, False
    return held, False


def begins_holding(text: bytes, keys: Sequence[bytes]) -> Iterator[int]:
    """Where the lines begin that hold a key."""
    small = text.lower()
    for key in keys:
        place = small.find(key)
        while place >= 0:
            if is_whole(small, place, place + len(key)):
                yield small.rfind(b"\n", 0, place) + 1
                place = small.find(b"\n", place)  # one hit a line is enough
            place = small.find(key, place + 1) if place >= 0 else -1


def is_whole(text: bytes, begin: int, end: int) -> bool:
    """Not a part of a longer word: no letter or digit touches it, and no dot with one behind it."""
    before, behind = text[max(begin - 2, 0) : begin], text[end : end + 2]
    if before[-1:] == b".":
        before = before[:1]
    if behind[:1] == b".":
        behind = behind[1:]
    return not (before and before[-1] in PART_OF_A_WORD) and not (behind and behind[0] in PART_OF_A_WORD)


def named_in(source: Source, lines: Sequence[bytes]) -> tuple[list[bytes], int]:
    """Message-IDs, queue ids and traces that lines of one file name, and how many of the lines cannot be read."""
    try:
        header = header_of(source) if source.kind == "powermta" and lines else []
    except csv.Error:
        return [], len(lines)
    keys, unread = list[bytes](), 0
    for line in lines:
        try:
            keys += map(plain, _named(source.kind, line, header))
        except (csv.Error, RecursionError):
            unread += 1
    return [key for key in keys if len(key) >= SHORTEST_KEY], unread


def header_of(source: Source) -> list[str]:
    _, first = next(lines_of(source.path), (0, b""))
    return [name.strip().lower() for name in cells_of(first)]


def cells_of(line: bytes) -> list[str]:
    return next(csv.reader([line.decode("utf-8-sig", "replace")]), [])


def _named(kind: str, line: bytes, header: Sequence[str]) -> Iterator[bytes]:
    if kind == "postfix":
        yield from QUEUE_ID.findall(line)
        yield from POSTFIX_ID.findall(line)
    elif kind == "powermta":
        row = dict(zip(header, cells_of(line), strict=False))
        yield from (row.get(name, "").encode() for name in ("header_message-id", "header_x-gatepost-id"))
    elif line.lstrip().startswith(b"{"):
        yield from _members(line)
    elif is_native(line):
        fields = line.split(b"\t")
        yield from (fields[place] for place in (TRACE, MESSAGE_ID) if place < len(fields))


def _members(line: bytes) -> Iterator[bytes]:
    """Of an object of KumoMTA's log or of a journal that was printed as JSON."""
    try:
        read: Any = json.loads(line)
    except ValueError:
        return
    wanted = {*names()["id"], *names()["message_id"]}
    for told in (read, read.get("headers"), read.get("meta")):
        for name, value in told.items() if isinstance(told, dict) else ():
            values = value if isinstance(value, list) else [value]
            yield from (one.encode() for one in values if standard(name) in wanted and isinstance(one, str))
