"""What the other processes of this host have written, read as they write it."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

from delivery.proxy.journal.contents import Contents
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
from delivery.proxy.journal.shelf import Sealed, Shelf, entries_at
from delivery.proxy.journal.unknowns import Unknowns

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from delivery.proxy.journal.records import Entry
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

    def find(self, key: int) -> list[Entry]:
        segment = self.segment
        segment.catch_up()
        while segment.contents.is_ended and segment_path(self.folder, segment.number + 1).exists():
            segment = self.follow_next()
        places = [(segment.number, place) for place in segment.table.find(key)] + self.shelf.places(key)
        found = entries_at(key, places, self.shelf, segment) if places else []
        if self.unknowns is not None and key in self.unknowns.places:
            names = {one.id for one in found}
            found += [one for one in self.unknowns.find(key) if one.id not in names]
        return self.with_open(found) if found else found

    def with_open(self, found: list[Entry]) -> list[Entry]:
        """A transaction is open while the process that began it lives."""
        going = [one.concluded is None and one.id in self.segment.contents.open for one in found]
        if not any(going) or not self.is_alive():
            return found
        return [one._replace(outcome="open") if is_open else one for one, is_open in zip(found, going, strict=True)]

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
