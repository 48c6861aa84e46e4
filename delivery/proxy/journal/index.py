"""Where the transactions of a segment stand, by key: eight bytes a slot, in memory while the segment grows.

A full segment's index goes to disk and is asked there with one read, so that memory does not grow with the window.
A key finds the places of all records that share 32 of its bits: the caller compares the whole key.
"""

from __future__ import annotations

import mmap
import os
from struct import Struct
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from pathlib import Path

SLOTS = 1 << 20
FULL = 700_000  # two thirds: a search looks at few slots
SMALL, FEWEST_SLOTS = 20_000, 1 << 10
LONGEST_SEGMENT = 1 << 32  # a place has 32 bits
LOW = 0xFFFFFFFF
MAGIC = b"GPIX\x00\x00\x00\x01"
HEAD = Struct("<8sIIQI")  # magic, slots, entries, bytes of the segment, checksum of what is before
HEAD_ROOM = 64
AT_ONCE = 16  # slots of one read


class Table:
    """The index of the segment that grows. Pages of it are real only once something stands in them."""

    __slots__ = ("count", "fingerprints", "mask", "memory", "places")

    def __init__(self, slots: int = SLOTS) -> None:
        self.memory = mmap.mmap(-1, slots * 8)
        whole = memoryview(self.memory).cast("I")
        self.fingerprints, self.places = whole[:slots], whole[slots:]
        self.mask = slots - 1
        self.count = 0

    def insert(self, key: int, place: int) -> int:
        """The slot, which `move` takes."""
        fingerprints, mask = self.fingerprints, self.mask
        fingerprint = (key & LOW) or 1
        slot = fingerprint & mask
        while fingerprints[slot]:
            slot = (slot + 1) & mask
        fingerprints[slot] = fingerprint
        self.places[slot] = place
        self.count += 1
        return slot

    def move(self, slot: int, place: int) -> None:
        self.places[slot] = place

    def find(self, key: int) -> list[int]:
        fingerprints, mask = self.fingerprints, self.mask
        fingerprint = (key & LOW) or 1
        slot = fingerprint & mask
        found: list[int] = []
        while there := fingerprints[slot]:
            if there == fingerprint:
                found.append(self.places[slot])
            slot = (slot + 1) & mask
        return found

    def close(self) -> None:
        """Its memory goes with the last reference."""

    def write(self, path: Path, *, size: int) -> None:
        """As a file for `SealedIndex`; there wholly or not at all."""
        if self.count < SMALL:
            self.shrunk().write_as_it_is(path, size=size)
        else:
            self.write_as_it_is(path, size=size)

    def shrunk(self) -> Table:
        """Of a quiet hour there is little to keep."""
        made = Table(max(FEWEST_SLOTS, 1 << (2 * self.count).bit_length()))
        for start in range(0, self.mask + 1, FEWEST_SLOTS):
            for slot, fingerprint in enumerate(self.fingerprints[start : start + FEWEST_SLOTS], start):
                if fingerprint:
                    made.insert(fingerprint, self.places[slot])
        return made

    def write_as_it_is(self, path: Path, *, size: int) -> None:
        head = HEAD.pack(MAGIC, self.mask + 1, self.count, size, 0)[:-4]
        aside = path.with_suffix(".new")
        with aside.open("wb") as out:
            out.write((head + crc32(head).to_bytes(4, "little")).ljust(HEAD_ROOM, b"\0"))
            out.write(self.fingerprints)
            out.write(self.places)
            out.flush()
            os.fdatasync(out.fileno())
        aside.replace(path)


class SealedIndex:
    """The index of a segment that no longer grows. Raises ValueError for a file that is not whole."""

    __slots__ = ("count", "descriptor", "mask", "places_at", "size")

    def __init__(self, path: Path) -> None:
        self.descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        head = os.pread(self.descriptor, HEAD.size, 0).ljust(HEAD.size, b"\0")
        magic, slots, self.count, self.size, checksum = HEAD.unpack(head)
        self.places_at = HEAD_ROOM + 4 * slots
        is_whole = os.fstat(self.descriptor).st_size == self.places_at + 4 * slots
        if magic != MAGIC or crc32(head[:-4]) != checksum or not is_whole:
            os.close(self.descriptor)
            raise ValueError(path.name)
        self.mask = slots - 1

    def find(self, key: int) -> list[int]:
        fingerprint = (key & LOW) or 1
        slot = fingerprint & self.mask
        found: list[int] = []
        while True:
            block = memoryview(os.pread(self.descriptor, 4 * AT_ONCE, HEAD_ROOM + 4 * slot)).cast("I").tolist()
            if slot + len(block) > self.mask:
                block = block[: self.mask + 1 - slot]
            end = block.index(0) if 0 in block else len(block)
            if fingerprint in block:
                found += [self.place(slot + at) for at in range(end) if block[at] == fingerprint]
            if end < len(block) or not block:
                return found
            slot = (slot + len(block)) & self.mask

    def place(self, slot: int) -> int:
        return int.from_bytes(os.pread(self.descriptor, 4, self.places_at + 4 * slot), "little")

    def close(self) -> None:
        os.close(self.descriptor)
