"""Transactions with an unknown outcome, kept beside the segments: they are asked for longer than all others are kept.

Each stands there with its two lines as in its segment. `T` lines say when, on the clock that only runs while the
journal is open.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

from delivery.proxy.journal.records import (
    Entry,
    backend_in,
    encode_hearing,
    encode_tick,
    entry_of,
    marks_in,
    marks_of_hearing,
    name_of,
)
from delivery.proxy.journal.segments import UNKNOWN_FILE, Scan, read_line, write_at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from delivery.proxy.journal.keys import Key

MOST = 50_000  # recipients in memory; of more, the oldest are found only as long as their segment has an index
MINUTE = 60.0


class Unknowns:
    def __init__(self, folder: Path, *, writes: bool = True) -> None:
        self.path = folder / UNKNOWN_FILE
        self.writes = writes
        how = os.O_RDWR | os.O_CREAT if writes else os.O_RDONLY
        self.descriptor = os.open(self.path, how | os.O_CLOEXEC, 0o640)
        self.places: dict[int, tuple[int, ...]] = {}
        self.lines: list[bytes] = []
        self.added: Counter[str] = Counter()  # by side
        self.ticked = float("-inf")
        self.size = self.written = 0

    def load(self, since: float, wanted: Collection[str] = ()) -> set[str]:
        """What happened at `since` on the running clock or later is asked for. Returns which of `wanted` are there."""
        clock, intent_at, intent = float("-inf"), 0, b""
        found: set[str] = set()
        scan = Scan(self.descriptor)
        for place, line in scan:
            match line[9:10]:
                case b"T":
                    clock = float(line.rpartition(b"\t")[2])
                case b"I":
                    intent_at, intent = place, line
                case b"O":
                    found |= {name_of(line)}.intersection(wanted)
                    if clock >= since:
                        self.remember_pair(intent, line, intent_at)
                case b"U":
                    self.forget(name_of(line), marks_of_hearing(line))
        if self.writes:
            os.ftruncate(self.descriptor, scan.end)
        self.size, self.written, self.ticked = scan.end, scan.end, clock
        return found

    def add(self, intent: bytes, outcome: bytes, *, time: int, clock: float) -> None:
        """Two lines without their ends; `flush` writes them."""
        if clock >= self.ticked + MINUTE:
            self.append(encode_tick(time, clock))
            self.ticked = clock
        self.added[backend_in(intent)] += 1
        self.remember(marks_in(intent), self.append(b"%b\n%b\n" % (intent, outcome)))

    def append(self, lines: bytes) -> int:
        self.lines.append(lines)
        self.size += len(lines)
        return self.size - len(lines)

    def flush(self) -> None:
        """Raises OSError and keeps the lines when there is no room."""
        if self.lines:
            write_at(self.descriptor, b"".join(self.lines), self.written)
            self.lines.clear()
            self.written = self.size

    def remember_pair(self, intent: bytes, outcome: bytes, place: int) -> None:
        """Where the line before was damaged, `intent` is another's."""
        if intent and name_of(intent) == name_of(outcome):
            self.remember(marks_in(intent), place)

    def remember(self, marks: Iterable[int], place: int) -> None:
        for mark in marks:
            self.places[mark] = (*self.places.pop(mark, ()), place)
            if len(self.places) > MOST:
                del self.places[next(iter(self.places))]

    def forget(self, name: str, marks: Iterable[int]) -> None:
        for mark in marks:
            left = tuple(place for place in self.places.pop(mark, ()) if self.name_at(place) != name)
            if left:
                self.places[mark] = left

    def name_at(self, place: int) -> str:
        intent = self.line_at(place)
        return name_of(intent) if intent else ""

    def release(self, side: str, *, time: int) -> list[Entry]:
        """Nothing of that side is asked for any more. Returns what that was; raises OSError."""
        self.flush()
        places = dict.fromkeys(place for some in self.places.values() for place in some)
        found = [entry for place in places if (entry := self.read(place)) is not None and entry.backend == side]
        for one in found:
            self.append(encode_hearing(one.key, one.id, time, "released", one.marks))
            self.forget(one.id, one.marks)
        self.flush()
        return found

    def find(self, key: Key) -> list[Entry]:
        if not self.places:
            return []
        places = dict.fromkeys(place for mark in key.marks for place in self.places.get(mark, ()))
        found = (self.read(place) for place in places)
        return [entry for entry in found if entry is not None and entry.key == key.message]

    def read(self, place: int) -> Entry | None:
        intent = self.line_at(place)
        outcome = self.line_at(place + len(intent) + 1) if intent else b""
        return entry_of(intent, outcome) if outcome else None

    def line_at(self, place: int) -> bytes:
        """Also one that waits to be written."""
        if place < self.written:
            return read_line(self.descriptor, place)
        return b"".join(self.lines)[place - self.written :].partition(b"\n")[0]

    def compact(self, *, keep: float, ask: float) -> None:
        """Leave out what is older than `keep`, and forget what is older than `ask`."""
        clock = float("-inf")
        kept: list[bytes] = []
        for _, line in Scan(self.descriptor):
            if line[9:10] == b"T":
                clock = float(line.rpartition(b"\t")[2])
            if clock >= keep:
                kept.append(line + b"\n")
        aside = self.path.with_suffix(".new")
        aside.write_bytes(b"".join(kept))
        replacement = os.open(aside, os.O_RDWR | os.O_CLOEXEC)
        os.fsync(replacement)
        aside.replace(self.path)
        os.dup2(replacement, self.descriptor, inheritable=False)  # a sync may be under way: the number stays
        os.close(replacement)
        self.places.clear()
        self.load(ask)

    def close(self) -> None:
        os.close(self.descriptor)
