"""What is left of a folder after a crash, or after an orderly end."""

from __future__ import annotations

import fcntl
import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from delivery.proxy.journal.contents import Contents, scan_segment, settle
from delivery.proxy.journal.growing import GrowingSegment
from delivery.proxy.journal.index import SealedIndex, Table
from delivery.proxy.journal.records import JournalError
from delivery.proxy.journal.segments import end_clocks, index_path, segment_numbers, segment_path, start_clock
from delivery.proxy.journal.shelf import Sealed

if TYPE_CHECKING:
    from pathlib import Path

LOCK_WAITS = (0, 0.01, 0.05, 0.2)


@dataclass(slots=True)
class Recovered:
    growing: GrowingSegment
    contents: Contents
    damaged: int
    began: float
    """When the newest segment began, on the running clock."""
    sealed: list[Sealed] = field(default_factory=list)


def lock(folder: Path) -> int:
    """The descriptor that holds the folder for this process. Raises JournalError where another has it."""
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    for wait in LOCK_WAITS:
        time.sleep(wait)  # a sibling that looks whether we live has the lock for a moment
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue
        return descriptor
    os.close(descriptor)
    raise JournalError(f"{folder} is in use by another process: give each its own folder.")


def recover(folder: Path, retry_window: float) -> Recovered:
    *before, last = segment_numbers(folder) or [1]
    growing = GrowingSegment(folder, last)
    contents, scan = scan_segment(growing.descriptor, last, growing.table)
    growing.resume(scan.end)
    if before and contents.pending != 0:  # it ended while this segment was begun
        previous = scan_sealed(folder, before[-1])
        contents.clock = max(contents.clock, previous.clock)
        take_over(contents, previous)
    began = start_clock(folder, last)
    found = Recovered(growing, contents, scan.damaged, contents.clock if began is None else began)
    for number, clock in end_clocks(folder, before, contents.clock).items():
        if clock >= contents.clock - retry_window:
            found.sealed.append(Sealed(number, sealed_index(folder, number), clock))
        else:
            found.sealed.append(Sealed(number, None, clock))
            index_path(folder, number).unlink(missing_ok=True)
    return found


def scan_sealed(folder: Path, number: int) -> Contents:
    descriptor = os.open(segment_path(folder, number), os.O_RDONLY | os.O_CLOEXEC)
    try:
        return scan_segment(descriptor, number, Table())[0]
    finally:
        os.close(descriptor)


def take_over(contents: Contents, previous: Contents) -> None:
    """What the segment before left open, unless it has ended since."""
    for name, place in contents.foreign.items():
        if place >= 0 and (found := previous.open.get(name)):
            settle(found._replace(slots=()), contents.table, place)
    for known, before in ((contents.open, previous.open), (contents.listening, previous.listening)):
        left = before.keys() - contents.foreign.keys() - contents.open.keys() - contents.listening.keys()
        known |= {name: before[name]._replace(slots=()) for name in left}


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
    scan_sealed(folder, number).table.write(path, size=size)
    return SealedIndex(path)
