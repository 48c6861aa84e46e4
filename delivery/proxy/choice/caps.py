"""How many recipients went to the new side in this hour and on this day, counted once for all processes of a host.

A file of fixed slots, mapped by every process and changed under its lock; it is as it was after a restart or a kill.
A slot is a count, the number of the hour or day it belongs to, and the name of what is counted.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
import time
from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from delivery.proxy.choice.split import Cap

FILE = "caps"
SLOT = struct.Struct("<QQ112s")
COUNT = struct.Struct("<QQ")
SLOTS = 4_096
HOUR, DAY = 3_600, 86_400
WINDOWS = {"hour": HOUR, "day": DAY}
EPOCH = date(1970, 1, 1)


class Caps:
    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.now = now
        self._slots: dict[str, int] = {}
        self._descriptor = os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o600)
        os.posix_fallocate(self._descriptor, 0, SLOT.size * SLOTS)  # a page without room on the disk kills its writer
        self._map = mmap.mmap(self._descriptor, SLOT.size * SLOTS)

    def take(self, cap: Cap, provider: str, count: int) -> bool:
        """Counts the recipients and says True when all of them fit; otherwise counts nothing."""
        counted = tuple(_counted(cap, provider, self.now()))
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        try:
            has_room = self._has_room(counted, count)
            if has_room:
                for name, window, _ in counted:
                    self._add(self._slot(name, window), window, count)
            return has_room
        finally:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def has_room(self, cap: Cap, provider: str, count: int) -> bool:
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        try:
            return self._has_room(tuple(_counted(cap, provider, self.now())), count)
        finally:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def _has_room(self, counted: tuple[tuple[str, int, int], ...], count: int) -> bool:
        for name, window, most in counted:
            at = self._slot(name, window)
            if at < 0 or self._count(at, window) + count > most:
                return False
        return True

    def give_back(self, cap: Cap, provider: str, count: int, when: float) -> None:
        """For recipients that were counted then and did not go after all. Of a window that is over nothing is left."""
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        try:
            for name, window, _ in _counted(cap, provider, when):
                at = self._slot(name, window)
                if at >= 0 and COUNT.unpack_from(self._map, at)[1] == window:
                    self._add(at, window, -min(count, self._count(at, window)))
        finally:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def used(self) -> Iterator[tuple[str, str, str, int]]:
        """(pool, provider, `day` or `hour`, recipients) of the present windows."""
        for at in range(0, SLOT.size * SLOTS, SLOT.size):
            count, counted_in, name = SLOT.unpack_from(self._map, at)
            pool, _, rest = name.rstrip(b"\0").decode("utf-8", "replace").partition("\t")
            provider, _, window = rest.partition("\t")
            if pool and counted_in >= int(self.now() // WINDOWS[window]):
                yield pool, provider, window, count

    def close(self) -> None:
        self._map.close()
        os.close(self._descriptor)

    def _slot(self, name: str, window: int) -> int:
        """Where it is counted; -1 when there is no room for another name, which counts as a cap that is reached."""
        at = self._slots.get(name, -1)
        if at < 0:
            at = self._slots[name] = self._find(name.encode(), window)
        return at

    def _find(self, name: bytes, window: int) -> int:
        first = int.from_bytes(blake2b(name, digest_size=4).digest(), "big") % SLOTS
        for step in range(SLOTS):
            at = (first + step) % SLOTS * SLOT.size
            found = SLOT.unpack_from(self._map, at)[2].rstrip(b"\0")
            if found == name:
                return at
            if not found:
                SLOT.pack_into(self._map, at, 0, window, name)
                return at
        return -1

    def _count(self, at: int, window: int) -> int:
        """A clock that was set back a little goes on in the later window; one that was far ahead begins anew."""
        count, counted_in = COUNT.unpack_from(self._map, at)
        return int(count) if window <= counted_in <= window + 1 else 0

    def _add(self, at: int, window: int, count: int) -> None:
        before, counted_in = COUNT.unpack_from(self._map, at)
        if window <= counted_in <= window + 1:
            COUNT.pack_into(self._map, at, before + count, counted_in)
        else:
            COUNT.pack_into(self._map, at, count, window)


def _counted(cap: Cap, provider: str, now: float) -> Iterator[tuple[str, int, int]]:
    """(name, number of the window, how many it holds)."""
    if cap.per_day:
        day = int(now // DAY)
        yield f"{cap.pool}\t{provider}\tday", day, cap_of_day(cap, day)
    if cap.per_hour is not None:
        yield f"{cap.pool}\t{provider}\thour", int(now // HOUR), cap.per_hour


def cap_of_day(cap: Cap, day: int) -> int:
    """Nothing before a warm-up begins; after its last day that one's figure."""
    if cap.begins is None:
        return cap.per_day[0]
    since = day - (cap.begins - EPOCH).days
    return 0 if since < 0 else cap.per_day[min(since, len(cap.per_day) - 1)]


def most_of(cap: Cap, window: str, now: float) -> int | None:
    """How many this window of `hour` or `day` holds; None where it is not capped."""
    if window == "hour":
        return cap.per_hour
    return cap_of_day(cap, int(now // DAY)) if cap.per_day else None
