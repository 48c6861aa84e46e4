"""What the lines of a segment amount to, read from its begin: by a recovery at once, of a sibling as it grows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from delivery.proxy.journal.segments import Scan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from delivery.proxy.journal.index import Table

UNKNOWN = b"unknown\t"


class Open(NamedTuple):
    """A transaction whose outcome is not known yet, and where its intent stands."""

    key: int
    segment: int
    place: int
    slot: int


@dataclass(slots=True)
class Contents:
    table: Table
    number: int
    clock: float = 0.0
    is_ended: bool = False
    open: dict[str, Open] = field(default_factory=dict)
    foreign: set[str] = field(default_factory=set)
    """Transactions that ended here and of whose begin nothing is said here."""
    pending: int | None = None
    """How many P lines are still missing; None without an S line."""
    unknown: dict[str, int] = field(default_factory=dict)

    def take(self, lines: Iterable[tuple[int, bytes]]) -> None:
        """Most transactions end soon after they began: of those only the end goes into the index."""
        begun: dict[bytes, tuple[bytes, int]] = {}
        insert = self.table.insert
        for place, line in lines:
            kind, key, name = line[9:11], line[11:27], line[28 : line.find(b"\t", 28)]
            if kind == b"I\t":
                begun[name] = (key, place)
            elif kind == b"O\t":
                if UNKNOWN in line:
                    self.unknown[name.decode()] = place
                if begun.pop(name, None):
                    insert(int(key, 16), place)
                else:
                    self.conclude(name.decode(), int(key, 16), place)
            elif kind != b"N\t":
                self.take_other(line)
        for name, (key, place) in begun.items():
            number = int(key, 16)
            self.open[name.decode()] = Open(number, self.number, place, insert(number, place))

    def take_other(self, line: bytes) -> None:
        _, kind, *fields = line.split(b"\t")
        if kind == b"P":
            key, name, segment, place = fields
            self.open[name.decode()] = Open(int(key, 16), int(segment), int(place), -1)
            self.pending = (self.pending or 0) - 1
            return
        self.clock = float(fields[-1])
        self.is_ended = kind == b"E"
        if kind == b"S":
            self.pending = int(fields[3])

    def conclude(self, name: str, key: int, place: int) -> None:
        found = self.open.pop(name, None)
        if found is not None and found.slot >= 0:
            self.table.move(found.slot, place)
            return
        self.table.insert(key, place)
        if found is None:
            self.foreign.add(name)


def scan_segment(descriptor: int, number: int, table: Table) -> tuple[Contents, Scan]:
    scan = Scan(descriptor)
    contents = Contents(table, number)
    contents.take(scan)
    return contents, scan
