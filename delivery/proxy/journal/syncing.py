"""Makes files durable without holding up the loop: by the kernel's own queue, or by a thread where there is none.

A thread has to be given the interpreter twice a round, which costs the loop three times as much as all the rest.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import sys
import threading
from queue import SimpleQueue
from struct import Struct
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence

    Done = Callable[[OSError | None], None]

# io_setup, io_submit, io_getevents, io_destroy: their numbers, and the layouts of <linux/aio_abi.h>.
CALLS = {"x86_64": (206, 209, 208, 207), "aarch64": (0, 2, 4, 1)}
# data, key, flags of the write, operation, priority, file, buffer, length, offset, reserved, flags, eventfd
ORDER = Struct("<QIIHhIQQqQII")
REPORT = Struct("<QQqq")  # data, order, result, second result
FSYNC, FDATASYNC = 2, 3
TELL_EVENTFD = 1
ROOM, AT_ONCE = 128, 16


class Syncer(Protocol):
    """One round at a time; `done` is called in the loop when it is over, with what failed first."""

    def sync(self, file: int, also: Sequence[int]) -> None: ...

    def stop(self) -> None: ...


def make_syncer(loop: asyncio.AbstractEventLoop, done: Done) -> Syncer:
    if sys.byteorder == "little" and platform.machine() in CALLS:
        with contextlib.suppress(OSError):
            return KernelSyncer(loop, done)
    return ThreadSyncer(loop, done)


class KernelSyncer:
    """Linux's asynchronous I/O. Raises OSError where the system, or what confines the process, does not allow it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, done: Done) -> None:
        self.loop, self.done = loop, done
        self.setup, self.submit, self.collect, self.destroy = CALLS[platform.machine()]
        self.call = ctypes.CDLL(None, use_errno=True).syscall
        self.context = ctypes.c_ulong(0)
        self.ask(self.setup, ctypes.c_long(ROOM), ctypes.byref(self.context))
        self.eventfd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self.order = ctypes.create_string_buffer(ORDER.size)
        self.pointer = (ctypes.c_void_p * 1)(ctypes.addressof(self.order))
        self.reports = ctypes.create_string_buffer(REPORT.size * AT_ONCE)
        self.awaited = 0
        self.error: OSError | None = None
        loop.add_reader(self.eventfd, self.reported)

    def ask(self, number: int, *words: object) -> int:
        answer = int(self.call(ctypes.c_long(number), *words))
        if answer < 0:
            reason = ctypes.get_errno()
            raise OSError(reason, os.strerror(reason))
        return answer

    def sync(self, file: int, also: Sequence[int]) -> None:
        try:
            for one in also:
                self.order_one(FSYNC, one)
            self.order_one(FDATASYNC, file)
        except OSError as error:
            self.error = error
            if not self.awaited:
                self.loop.call_soon(self.finish)

    def order_one(self, operation: int, file: int) -> None:
        ORDER.pack_into(self.order, 0, 0, 0, 0, operation, 0, file, 0, 0, 0, 0, TELL_EVENTFD, self.eventfd)
        self.ask(self.submit, self.context, ctypes.c_long(1), self.pointer)
        self.awaited += 1

    def reported(self) -> None:
        os.eventfd_read(self.eventfd)
        before = self.awaited
        while found := self.collected():
            self.awaited -= found
        if before and not self.awaited:
            self.finish()

    def collected(self) -> int:
        """How many orders were found done, of all that are: no other signal comes for those that are left."""
        rest = ctypes.c_long(0), ctypes.c_long(AT_ONCE), self.reports, ctypes.c_void_p(None)
        found = self.ask(self.collect, self.context, *rest) if self.awaited else 0
        for at in range(found):
            result = REPORT.unpack_from(self.reports, at * REPORT.size)[2]
            if result < 0:
                self.error = OSError(-result, os.strerror(-result))
        return found

    def finish(self) -> None:
        error, self.error = self.error, None
        self.done(error)

    def stop(self) -> None:
        """Waits for what was ordered."""
        self.loop.remove_reader(self.eventfd)
        self.ask(self.destroy, self.context)
        os.close(self.eventfd)


class ThreadSyncer:
    def __init__(self, loop: asyncio.AbstractEventLoop, done: Done) -> None:
        self.loop, self.done = loop, done
        self.rounds: SimpleQueue[tuple[int, Sequence[int]] | None] = SimpleQueue()
        self.thread = threading.Thread(target=self.run, name="journal", daemon=True)
        self.thread.start()

    def sync(self, file: int, also: Sequence[int]) -> None:
        self.rounds.put((file, also))

    def run(self) -> None:
        while (ordered := self.rounds.get()) is not None:
            error = attempt(*ordered)
            try:
                self.loop.call_soon_threadsafe(self.done, error)
            except RuntimeError:  # the loop was closed: nobody waits any more
                return

    def stop(self) -> None:
        """Waits for what was ordered."""
        self.rounds.put(None)
        self.thread.join()


def attempt(file: int, also: Sequence[int]) -> OSError | None:
    try:
        for one in also:
            os.fsync(one)
        os.fdatasync(file)
    except OSError as error:
        return error
    return None
