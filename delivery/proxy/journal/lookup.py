"""Finds the transactions of a message in the segment that grows and in those that no longer do."""

from __future__ import annotations

import asyncio
import os
from functools import partial
from typing import TYPE_CHECKING

from delivery.proxy.journal.index import SealedIndex
from delivery.proxy.journal.records import KEY, Entry, entry_of
from delivery.proxy.journal.segments import index_path, read_line, segment_path

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator
    from pathlib import Path

    from delivery.proxy.journal.growing import GrowingSegment
    from delivery.proxy.journal.index import Table
    from delivery.proxy.journal.recovery import Sealed

    Read = Callable[[int, int], bytes]


class Shelf:
    """The segments of one folder."""

    def __init__(self, folder: Path, sealed: list[Sealed]) -> None:
        self.folder, self.sealed = folder, sealed
        self.writing: set[asyncio.Future[None]] = set()

    def add(self, sealed: Sealed, table: Table, *, size: int, clock: float) -> None:
        """Its index stays in memory until a thread has written it."""
        self.sealed.append(sealed)
        path = index_path(self.folder, sealed.number)
        write = partial(table.write, path, size=size, clock=clock)
        job = asyncio.get_running_loop().run_in_executor(None, write)
        self.writing.add(job)
        job.add_done_callback(partial(self.release, sealed, path))

    def release(self, sealed: Sealed, path: Path, job: asyncio.Future[None]) -> None:
        """An index that could not be written stays in memory; the next start builds it again."""
        self.writing.discard(job)
        if not job.cancelled() and job.exception() is None:
            sealed.index = SealedIndex(path)

    def places(self, key: int) -> list[tuple[int, int]]:
        """Segment and place, in the segments that no longer grow."""
        return [(one.number, place) for one in self.sealed for place in one.index.find(key)]

    def read(self, number: int, place: int) -> bytes:
        """The line there; empty when that segment is gone."""
        try:
            descriptor = os.open(segment_path(self.folder, number), os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return b""
        try:
            return read_line(descriptor, place)
        finally:
            os.close(descriptor)

    async def close(self) -> None:
        if self.writing:
            await asyncio.wait(self.writing)
        for one in self.sealed:
            one.index.close()


def entries(key: int, shelf: Shelf, growing: GrowingSegment, alive: Container[str]) -> tuple[Entry, ...]:
    """All of the key, the oldest first. `alive` holds the ids whose reply is still awaited."""
    places = [(growing.number, place) for place in growing.table.find(key)] + shelf.places(key)
    if not places:
        return ()

    def read(number: int, place: int) -> bytes:
        return growing.read(place) if number == growing.number else shelf.read(number, place)

    found: dict[str, Entry] = {}
    for one in (entry for where in places for entry in entry_at(read, where, key, alive)):
        if one.concluded is not None or one.id not in found:
            found[one.id] = one
    return tuple(sorted(found.values(), key=lambda one: one.time))


def entry_at(read: Read, where: tuple[int, int], key: int, alive: Container[str]) -> Iterator[Entry]:
    """None for another key with the same fingerprint, and where the intent itself can no longer be read."""
    line = read(*where)
    if not line or int(line[KEY], 16) != key:
        return
    if line[9:10] == b"I":
        entry = entry_of(line)
        yield entry._replace(outcome="open") if entry.id in alive else entry
        return
    *_, segment, place = line.split(b"\t")
    if intent := read(int(segment), int(place)):
        yield entry_of(intent, line)
