"""What the lines of a segment amount to, read from its begin: by a recovery at once, of a sibling as it grows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from delivery.proxy.journal.records import KEY, name_of
from delivery.proxy.journal.segments import Scan

if TYPE_CHECKING:
    from delivery.proxy.journal.index import Table

UNKNOWN = b"\tunknown\t"


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

    def take(self, place: int, line: bytes) -> None:
        match line[9:10]:
            case b"I":
                key = int(line[KEY], 16)
                self.open[name_of(line)] = Open(key, self.number, place, self.table.insert(key, place))
            case b"O":
                self.conclude(place, line)
            case b"P":
                fields = line.split(b"\t")
                there = Open(int(fields[2], 16), int(fields[4]), int(fields[5]), -1)
                self.open[name_of(line)] = there
                self.pending = (self.pending or 0) - 1
            case b"S" | b"T" | b"E" as kind:
                self.clock = float(line.rpartition(b"\t")[2])
                self.is_ended = kind == b"E"
                if kind == b"S":
                    self.pending = int(line.split(b"\t")[5])

    def conclude(self, place: int, line: bytes) -> None:
        name = name_of(line)
        if UNKNOWN in line:
            self.unknown[name] = place
        found = self.open.pop(name, None)
        if found is not None and found.slot >= 0:
            self.table.move(found.slot, place)
            return
        self.table.insert(int(line[KEY], 16), place)
        if found is None:
            self.foreign.add(name)


def scan_segment(descriptor: int, number: int, table: Table) -> tuple[Contents, Scan]:
    scan = Scan(descriptor)
    contents = Contents(table, number)
    for place, line in scan:
        contents.take(place, line)
    return contents, scan
