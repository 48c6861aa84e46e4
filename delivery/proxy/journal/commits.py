"""Group commit: one write and one sync for all who wait; what happens when the disk is full, slow or broken."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from delivery.proxy.journal.records import JournalUnavailable
from delivery.proxy.journal.syncing import make_syncer

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from delivery.proxy.journal.growing import GrowingSegment

    Done = Callable[[JournalUnavailable | None], None]

BEAT = 1.0  # seconds between two looks at what nobody waits for
PACE = 0.002  # seconds between the beginnings of two syncs where many wait: one does for more of them
CROWD = 4  # of a group, from which on there are many


class Commits:
    """`renew` puts another segment in the place of one that failed; it may raise OSError."""

    def __init__(
        self,
        segment: GrowingSegment,
        loop: asyncio.AbstractEventLoop,
        *,
        patience: float,
        renew: Callable[[], None],
    ) -> None:
        self.segment, self.loop, self.patience, self.renew = segment, loop, patience, renew
        self.trouble: JournalUnavailable | None = None
        self.also: list[int] = []  # what has to be durable with the next group
        self.ended: list[int] = []  # what is closed after it
        self.waiting: list[Done] = []
        self.syncing: list[Done] | None = None
        self.began, self.crowd = 0.0, 0
        self.is_scheduled = self.is_suspect = False
        self.durable_to = segment.written
        self.syncer = make_syncer(loop, self.synced)
        self.timer = loop.call_later(BEAT, self.beat)

    def expect(self, done: Done) -> None:
        """`done` is called once what was appended so far is durable, or cannot be made so."""
        self.waiting.append(done)
        if self.syncing is None and not self.is_scheduled:
            self.schedule()

    def schedule(self) -> None:
        self.is_scheduled = True
        rest = self.began + PACE - self.loop.time() if self.crowd >= CROWD else 0.0
        if rest > 0:
            self.loop.call_later(rest, self.begin)
        else:
            self.loop.call_soon(self.begin)

    def flush(self) -> None:
        try:
            self.segment.flush()
        except OSError as error:
            self.fail(error)

    def begin(self) -> None:
        self.is_scheduled = False
        self.flush()
        if self.trouble is None and self.syncing is None:
            self.sync()

    def sync(self) -> None:
        self.syncing, self.waiting = self.waiting, []
        self.began, self.crowd = self.loop.time(), len(self.syncing)
        also, self.also = list(dict.fromkeys(self.also)), []
        self.durable_to = self.segment.written
        self.syncer.sync(self.segment.descriptor, also)

    def synced(self, error: OSError | None) -> None:
        group, self.syncing = self.syncing or [], None
        self.close_ended()
        if error is not None:
            # What the system could not write it may have forgotten: this segment is not trusted any further.
            self.is_suspect = True
            self.waiting = group + self.waiting
            self.fail(error)
            return
        if not self.segment.lines and not self.is_suspect:
            self.trouble = None
        self.tell(group, None)
        if self.waiting and self.trouble is None and not self.is_scheduled:
            self.schedule()

    def close_ended(self) -> None:
        while self.ended and self.ended[-1] not in self.also:
            os.close(self.ended.pop())

    def fail(self, error: OSError | str) -> None:
        why = error if isinstance(error, str) else error.strerror or str(error)
        self.trouble = JournalUnavailable(f"The journal cannot be written: {why}.")
        waiting, self.waiting = self.waiting, []
        self.tell(waiting, self.trouble)

    def tell(self, group: list[Done], trouble: JournalUnavailable | None) -> None:
        """Everyone, whatever one of them makes of it."""
        for done in group:
            try:
                done(trouble)
            except Exception as error:  # noqa: BLE001 (the others must not wait for ever)
                self.loop.call_exception_handler({"message": "who waited for the journal failed", "exception": error})

    def beat(self) -> None:
        """What nobody waits for becomes durable too; what failed is tried again."""
        self.timer = self.loop.call_later(BEAT, self.beat)
        if self.syncing is not None:
            if self.loop.time() - self.began > self.patience:
                self.waiting, self.syncing = self.syncing + self.waiting, []
                self.fail("the disk is too slow")
            return
        if self.trouble is not None:
            self.try_again()
        elif self.durable_to != self.segment.written and not self.is_scheduled:
            self.sync()

    def try_again(self) -> None:
        try:
            if self.is_suspect:
                self.renew()
                self.is_suspect = False
            self.segment.flush()
        except OSError as error:
            self.fail(error)
        else:
            self.sync()

    async def close(self) -> None:
        self.timer.cancel()
        if self.trouble is None:
            last: asyncio.Future[object] = self.loop.create_future()
            self.expect(last.set_result)
            await last
        self.syncer.stop()
        self.close_ended()
        with contextlib.suppress(OSError):
            self.segment.flush()
            os.fdatasync(self.segment.descriptor)
        self.segment.close()
