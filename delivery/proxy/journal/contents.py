"""What the lines of a segment amount to, read from its begin: by a recovery at once, of a sibling as it grows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from delivery.proxy.journal.records import marks_in, marks_of_hearing, read_marks
from delivery.proxy.journal.segments import Scan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from delivery.proxy.journal.index import Table

OUTCOME = 5  # field of an O line


class Open(NamedTuple):
    """A transaction that is not over, and where its intent stands; the slots of the index that say so, if any."""

    key: int
    segment: int
    place: int
    slots: tuple[int, ...]
    marks: tuple[int, ...]


@dataclass(slots=True)
class Contents:
    """`open` has no outcome yet; `listening` was accepted and nothing is known of the client since."""

    table: Table
    number: int
    clock: float = 0.0
    is_ended: bool = False
    open: dict[str, Open] = field(default_factory=dict)
    listening: dict[str, Open] = field(default_factory=dict)
    foreign: dict[str, int] = field(default_factory=dict)
    """Transactions of whose begin nothing is said here, and where it is said how they ended."""
    pending: int | None = None
    """How many P and W lines are still missing; None without an S line."""
    unknown: dict[str, int] = field(default_factory=dict)

    def take(self, lines: Iterable[tuple[int, bytes]]) -> None:
        """Most transactions end soon after they began: of those only the end goes into the index."""
        begun: dict[bytes, tuple[bytes, int]] = {}
        for place, line in lines:
            kind = line[9:11]
            if kind == b"I\t":
                begun[line[28 : line.index(b"\t", 28)]] = (line, place)
            elif kind == b"O\t":
                fields = line.split(b"\t", OUTCOME + 1)
                if intent := begun.pop(fields[3], None):
                    self.begin(fields[3].decode(), *intent, there=place)
                self.conclude(fields[3].decode(), fields[OUTCOME], place)
            elif kind not in {b"N\t", b"D\t"}:
                self.take_other(line, place)
        for name, intent in begun.items():
            self.begin(name.decode(), *intent)

    def begin(self, name: str, intent: bytes, place: int, there: int | None = None) -> None:
        """`there` is where to find it in the end, if that is known."""
        marks = marks_in(intent)
        slots = tuple(self.table.insert(mark, place if there is None else there) for mark in marks)
        self.open[name] = Open(int(intent[11:27], 16), self.number, place, slots, marks)

    def take_other(self, line: bytes, place: int) -> None:
        _, kind, *fields = line.split(b"\t")
        match kind:
            case b"P" | b"W":
                key, name, segment, where, marks = fields
                waiting = self.open if kind == b"P" else self.listening
                waiting[name.decode()] = Open(int(key, 16), int(segment), int(where), (), read_marks(marks))
                self.pending = (self.pending or 0) - 1
            case b"H":
                for name in fields[1].split():
                    self.hear(name.decode())
            case b"U":
                for mark in marks_of_hearing(line):
                    self.table.insert(mark, place)
                self.hear(fields[1].decode())
            case b"S" | b"T" | b"E":
                self.clock = float(fields[-1])
                self.is_ended = kind == b"E"
                if kind == b"S":
                    self.pending = int(fields[3])

    def hear(self, name: str) -> None:
        if self.listening.pop(name, None) is None:
            self.foreign.setdefault(name, -1)

    def conclude(self, name: str, outcome: bytes, place: int) -> None:
        if outcome == b"unknown":
            self.unknown[name] = place
        found = self.open.pop(name, None)
        if found is None:
            self.foreign[name] = place
            return
        settle(found, self.table, place)
        if outcome == b"accepted":
            self.listening[name] = found


def settle(found: Open, table: Table, place: int) -> None:
    """Its outcome stands there."""
    for slot in found.slots:
        table.move(slot, place)
    if not found.slots:
        for mark in found.marks:
            table.insert(mark, place)


def scan_segment(descriptor: int, number: int, table: Table) -> tuple[Contents, Scan]:
    scan = Scan(descriptor)
    contents = Contents(table, number)
    contents.take(scan)
    return contents, scan
