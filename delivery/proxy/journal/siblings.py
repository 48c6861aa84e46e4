"""What the other processes of this host have written, read as they write it."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

from delivery.proxy.journal.contents import Contents
from delivery.proxy.journal.found import Found
from delivery.proxy.journal.index import SealedIndex, Table
from delivery.proxy.journal.records import KEY, KIND, is_whole
from delivery.proxy.journal.segments import (
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

ROOM = 65_536  # bytes of one read
MOST_WAITING = 256  # lines


class FollowedSegment:
    """The newest segment of another process. It may not be there yet.

    `end` is how far it was read. Of the lines that `wait` only the messages are known: what they say is looked at when
    somebody asks for one of these, or when many wait. `taken` is how far that was done.
    """

    def __init__(self, folder: Path, number: int) -> None:
        self.path = segment_path(folder, number)
        self.number = number
        self.descriptor = -1
        self.end = self.taken = 0
        self.waiting: list[bytes] = []
        self.messages: set[bytes] = set()
        self.contents = Contents(Table(), number)
        self.table = self.contents.table

    def catch_up(self) -> None:
        self.read_on()
        self.take()

    def read_on(self) -> None:
        if self.descriptor < 0 and not self.open():
            return
        room = ROOM
        while chunk := os.pread(self.descriptor, room, self.end):
            size = chunk.rfind(b"\n") + 1
            if size:
                self.add(chunk[: size - 1].split(b"\n"))
                self.end += size
            if len(chunk) < room:
                return  # the rest of a line is still to come
            room = ROOM if size else room * 16

    def add(self, lines: list[bytes]) -> None:
        self.waiting += lines
        self.messages.update([line[KEY] for line in lines])
        if len(self.waiting) > MOST_WAITING or lines[-1][KIND] == b"E":
            self.take()

    def take(self) -> None:
        waiting, self.waiting = self.waiting, []
        self.messages.clear()
        self.contents.take(self.whole(waiting))
        self.contents.unknown.clear()

    def whole(self, lines: list[bytes]) -> Iterator[tuple[int, bytes]]:
        for line in lines:
            if is_whole(line):
                yield self.taken, line
            self.taken += len(line) + 1

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
        segment.read_on()
        while segment.contents.is_ended and segment_path(self.folder, segment.number + 1).exists():
            segment = self.follow_next()
        if b"%016x" % key.message in segment.messages:
            segment.take()
        found = self.look_at(key)
        if found is not None and segment.waiting:  # among these may be lines that name no message
            segment.take()
            found = self.look_at(key)
        if found is not None and found.entries:
            self.look_at_process(found)
        return found

    def look_at(self, key: Key) -> Found | None:
        found = look_at(key, self.shelf, self.segment)
        if self.unknowns is not None and (unknown := self.unknowns.find(key)):
            found = found or Found(key)
            found.add(unknown)
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
        self.segment.catch_up()
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
