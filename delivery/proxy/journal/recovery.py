"""What is left of a journal after a crash, or after an orderly end."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from delivery.proxy.journal.growing import GrowingSegment
from delivery.proxy.journal.index import SealedIndex, Table
from delivery.proxy.journal.records import KEY, JournalError
from delivery.proxy.journal.segments import Scan, index_path, segment_numbers, segment_path

if TYPE_CHECKING:
    from pathlib import Path


class Open(NamedTuple):
    """A transaction whose outcome is not known yet, and where its intent stands."""

    key: int
    segment: int
    place: int
    slot: int


@dataclass(slots=True)
class Contents:
    """What a scan of a segment from its begin finds."""

    table: Table
    number: int
    clock: float = 0.0
    open: dict[str, Open] = field(default_factory=dict)
    foreign: set[str] = field(default_factory=set)
    """Transactions that ended here and began elsewhere."""
    pending: int | None = None
    """How many P lines are still missing; None without an S line."""

    def take(self, place: int, line: bytes) -> None:
        match line[9:10]:
            case b"I":
                key = int(line[KEY], 16)
                name = line[28 : line.index(b"\t", 28)].decode()
                self.open[name] = Open(key, self.number, place, self.table.insert(key, place))
            case b"O":
                self.conclude(place, line)
            case b"P":
                _, _, told, opened, segment, there = line.split(b"\t")
                self.open[opened.decode()] = Open(int(told, 16), int(segment), int(there), -1)
                self.pending = (self.pending or 0) - 1
            case b"S":
                self.pending, self.clock = int(line.split(b"\t")[5]), float(line.rpartition(b"\t")[2])
            case b"T" | b"E":
                self.clock = float(line.rpartition(b"\t")[2])

    def conclude(self, place: int, line: bytes) -> None:
        name = line[28 : line.index(b"\t", 28)].decode()
        found = self.open.pop(name, None)
        if found is not None and found.slot >= 0:
            self.table.move(found.slot, place)
            return
        self.table.insert(int(line[KEY], 16), place)
        if found is None:
            self.foreign.add(name)


@dataclass(slots=True)
class Sealed:
    number: int
    index: SealedIndex | Table


@dataclass(slots=True)
class Recovered:
    growing: GrowingSegment
    sealed: list[Sealed]
    contents: Contents
    damaged: int


def lock(folder: Path) -> int:
    """The descriptor that holds the folder for this process. Raises JournalError where another has it."""
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise JournalError(f"{folder} is in use by another process: give each its own folder.") from error
    return descriptor


def recover(folder: Path) -> Recovered:
    numbers = segment_numbers(folder) or [1]
    *before, last = numbers
    sealed = [Sealed(number, sealed_index(folder, number)) for number in before]
    growing = GrowingSegment(folder, last)
    contents, scan = scan_segment(growing.descriptor, last, growing.table)
    growing.resume(scan.end)
    if before and contents.pending != 0:  # it ended while this segment was begun
        contents.open |= left_open(folder, before[-1], contents.foreign)
    return Recovered(growing, sealed, contents, scan.damaged)


def scan_segment(descriptor: int, number: int, table: Table) -> tuple[Contents, Scan]:
    scan = Scan(descriptor)
    contents = Contents(table, number)
    for place, line in scan:
        contents.take(place, line)
    return contents, scan


def scan_sealed(folder: Path, number: int) -> Contents:
    descriptor = os.open(segment_path(folder, number), os.O_RDONLY | os.O_CLOEXEC)
    try:
        return scan_segment(descriptor, number, Table())[0]
    finally:
        os.close(descriptor)


def left_open(folder: Path, number: int, ended: set[str]) -> dict[str, Open]:
    contents = scan_sealed(folder, number)
    return {name: one._replace(slot=-1) for name, one in contents.open.items() if name not in ended}


def sealed_index(folder: Path, number: int) -> SealedIndex:
    """From its file; built from the segment again where that is missing, damaged or of another length."""
    path = index_path(folder, number)
    size = segment_path(folder, number).stat().st_size
    try:
        found = SealedIndex(path)
        if found.size == size:
            return found
        found.close()
    except (OSError, ValueError):
        pass
    return rebuild_index(folder, number, size)


def rebuild_index(folder: Path, number: int, size: int) -> SealedIndex:
    contents = scan_sealed(folder, number)
    contents.table.write(index_path(folder, number), size=size, clock=contents.clock)
    return SealedIndex(index_path(folder, number))
