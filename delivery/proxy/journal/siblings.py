"""What the other processes of this host have written, read as they write it."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

from delivery.proxy.journal.contents import Contents
from delivery.proxy.journal.found import Found
from delivery.proxy.journal.index import SealedIndex, Table
from delivery.proxy.journal.records import is_whole
from delivery.proxy.journal.segments import (
    CHUNK,
    UNKNOWN_FILE,
    end_clocks,
    index_path,
    read_line,
    segment_numbers,
    segment_path,
)
from delivery.proxy.journal.shelf import Sealed, Shelf, look_at
from delivery.proxy.journal.unknowns import Unknowns

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from delivery.proxy.journal.keys import Key
    from delivery.proxy.journal.settings import Settings


class FollowedSegment:
    """The newest segment of another process; `end` is how far it was read. It may not be there yet."""

    def __init__(self, folder: Path, number: int) -> None:
        self.path = segment_path(folder, number)
        self.number = number
        self.descriptor = -1
        self.end = 0
        self.contents = Contents(Table(), number)
        self.table = self.contents.table

    def catch_up(self) -> None:
        if self.descriptor < 0 and not self.open():
            return
        while chunk := os.pread(self.descriptor, CHUNK, self.end):
            *lines, _ = chunk.split(b"\n")
            if not lines:
                return  # the rest of a line is still to come
            self.contents.take(self.whole(lines))
        self.contents.unknown.clear()

    def whole(self, lines: list[bytes]) -> Iterator[tuple[int, bytes]]:
        for line in lines:
            if is_whole(line):
                yield self.end, line
            self.end += len(line) + 1

    def open(self) -> bool:
        try:
            self.descriptor = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        return True

    def read(self, place: int) -> bytes:
        return read_line(self.descriptor, place)

    def close(self) -> None:
        if self.descriptor >= 0:
            os.close(self.descriptor)


class Sibling:
    """The folder of another process. Call `find` before every decision, `refresh` now and then."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder, self.settings = folder, settings
        self.segment = FollowedSegment(folder, max(segment_numbers(folder), default=1))
        self.segment.catch_up()
        self.shelf = Shelf(folder, [])
        self.unknowns: Unknowns | None = None
        self.unknowns_seen: tuple[int, int] = (0, 0)
        self.refresh()

    @property
    def clock(self) -> float:
        return self.segment.contents.clock

    def find(self, key: Key) -> Found | None:
        segment = self.segment
        segment.catch_up()
        while segment.contents.is_ended and segment_path(self.folder, segment.number + 1).exists():
            segment = self.follow_next()
        found = look_at(key, self.shelf, segment)
        if self.unknowns is not None and (unknown := self.unknowns.find(key)):
            found = found or Found(key)
            found.add(unknown)
        if found is not None and found.entries:
            self.look_at_process(found)
        return found

    def look_at_process(self, found: Found) -> None:
        """What is open, and who listens, is so while the process that began it lives."""
        contents = self.segment.contents
        going, listening = found.entries.keys() & contents.open, found.entries.keys() & contents.listening
        if not going and not listening:
            return
        is_alive = self.is_alive()
        if is_alive:
            found.open(going)
        for name in listening:
            found.hear(name, "listening" if is_alive else "broken")

    def is_alive(self) -> bool:
        try:
            descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(descriptor)
        return False

    def follow_next(self) -> FollowedSegment:
        old = self.segment
        old.catch_up()  # what was written between the last look and the begin of the next
        self.shelf.add(Sealed(old.number, old.table, old.contents.clock))
        old.close()
        self.segment = FollowedSegment(self.folder, old.number + 1)
        self.segment.catch_up()
        return self.segment

    def refresh(self) -> None:
        """Take the indexes the other process has written, drop what it dropped."""
        wanted = [number for number in segment_numbers(self.folder) if number < self.segment.number]
        horizon = self.clock - self.settings.retry_window
        held = {one.number: one for one in self.shelf.sealed}
        shelf = [
            self.sealed(number, clock, held.pop(number, None))
            for number, clock in end_clocks(self.folder, wanted, self.clock).items()
            if clock >= horizon
        ]
        for one in held.values():
            if one.index:
                one.index.close()
        self.shelf.sealed = shelf
        self.shelf.refresh()
        self.refresh_unknowns()

    def sealed(self, number: int, clock: float, held: Sealed | None) -> Sealed:
        if held is not None and isinstance(held.index, SealedIndex):
            return held
        try:
            return Sealed(number, SealedIndex(index_path(self.folder, number)), clock)
        except (OSError, ValueError):  # it is being written just now
            return held or Sealed(number, self.table_of(number), clock)

    def table_of(self, number: int) -> Table:
        segment = FollowedSegment(self.folder, number)
        segment.catch_up()
        segment.close()
        return segment.table

    def refresh_unknowns(self) -> None:
        try:
            found = (self.folder / UNKNOWN_FILE).stat()
        except FileNotFoundError:
            return
        if (found.st_ino, found.st_size) != self.unknowns_seen:
            self.unknowns_seen = (found.st_ino, found.st_size)
            if self.unknowns is not None:
                self.unknowns.close()
            self.unknowns = Unknowns(self.folder, writes=False)
            self.unknowns.load(self.clock - self.settings.unknown_window)

    def close(self) -> None:
        self.segment.close()
        for one in self.shelf.sealed:
            if one.index:
                one.index.close()
        if self.unknowns is not None:
            self.unknowns.close()
