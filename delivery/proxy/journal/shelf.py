"""Finds the transactions of a message in the segments of a folder, and lets go of what is too old."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from delivery.proxy.journal.found import Found
from delivery.proxy.journal.index import SealedIndex
from delivery.proxy.journal.segments import index_path, read_line, segment_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from delivery.proxy.journal.index import Table
    from delivery.proxy.journal.keys import Key


LATEST = 64  # of equal messages to one recipient, so that the next ping of a thousand costs no more than the first


@dataclass(slots=True)
class Sealed:
    """A segment that no longer grows. Beyond the retry window it has no index and no retry is told of it."""

    number: int
    index: SealedIndex | Table | None
    clock: float
    """When it ended, on the running clock."""


class Newest(Protocol):
    number: int
    table: Table

    def read(self, place: int) -> bytes: ...


class Shelf:
    def __init__(self, folder: Path, sealed: list[Sealed]) -> None:
        self.folder, self.sealed = folder, sealed
        self.jobs: set[asyncio.Future[None]] = set()
        self.finders = [(one.number, one.index.find) for one in sealed if one.index]

    def places(self, mark: int) -> list[tuple[int, int]]:
        """Segment and place, in the segments that no longer grow, the oldest first."""
        return [(number, place) for number, find in self.finders for place in find(mark)]

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

    def add(self, sealed: Sealed) -> None:
        self.sealed.append(sealed)
        self.refresh()

    def refresh(self) -> None:
        self.finders = [(one.number, one.index.find) for one in self.sealed if one.index]

    def seal(self, sealed: Sealed, table: Table, *, size: int) -> None:
        """Its index stays in memory until a thread has written it."""
        self.add(sealed)
        path = index_path(self.folder, sealed.number)
        self.begin(partial(table.write, path, size=size), partial(self.release, sealed, path))

    def begin(self, work: Callable[[], None], after: Callable[[asyncio.Future[None]], None] | None = None) -> None:
        job = asyncio.get_running_loop().run_in_executor(None, work)
        self.jobs.add(job)
        job.add_done_callback(self.jobs.discard)
        if after is not None:
            job.add_done_callback(after)

    def release(self, sealed: Sealed, path: Path, job: asyncio.Future[None]) -> None:
        """An index that could not be written stays in memory; the next start builds it again."""
        if not job.cancelled() and job.exception() is None and sealed.index is not None:
            sealed.index = SealedIndex(path)
            self.refresh()

    def expire(self, *, ask: float, keep: float) -> None:
        """No retry is told of what ended before `ask`; the files of what ended before `keep` go."""
        gone: list[Path] = []
        for one in self.sealed:
            if one.clock < ask and one.index is not None:
                one.index.close()
                one.index = None
                gone.append(index_path(self.folder, one.number))
            if one.clock < keep:
                gone.append(segment_path(self.folder, one.number))
        if gone:
            self.sealed = [one for one in self.sealed if one.clock >= keep]
            self.refresh()
            self.begin(partial(remove, gone))

    async def close(self) -> None:
        if self.jobs:
            await asyncio.wait(self.jobs)
        for one in self.sealed:
            if one.index:
                one.index.close()


def remove(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def look_at(key: Key, shelf: Shelf, newest: Newest) -> Found | None:
    """What the segments of a folder say of a message; older unknown outcomes stand in `Unknowns`.

    None of nearly all messages: what is new to the index costs no more than the look.
    """
    places: list[tuple[int, int]] = []
    for mark in key.marks:
        of_mark = shelf.places(mark) if shelf.finders else []
        if there := newest.table.find(mark):
            of_mark += [(newest.number, place) for place in there]
        places += of_mark[-LATEST:]
    if not places:
        return None
    found = Found(key)

    def read(number: int, place: int) -> bytes:
        return newest.read(place) if number == newest.number else shelf.read(number, place)

    for where in dict.fromkeys(places):
        found.take(read(*where), read)
    return found
