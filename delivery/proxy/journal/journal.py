"""The door to the journal of one process. All of it is called in the loop's thread, and nothing waits but `done`.

journal = Journal.open(folder)
journal.append(intent, done)     # done(None) once it is durable: the dot may go out
journal.conclude(id, "accepted", b"250 2.0.0 queued as 4711")
journal.earlier(key)             # what became of the same message before, for any of the recipients
journal.binding(key)             # what of that has a say in this attempt: `retries`
journal.hear(id, key)            # the client went on; journal.miss(id, key, why) where it did not
"""

from __future__ import annotations

import asyncio
import os
import secrets
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.proxy.journal.clock import RunningClock, now
from delivery.proxy.journal.commits import Commits
from delivery.proxy.journal.contents import Open, settle
from delivery.proxy.journal.found import joined
from delivery.proxy.journal.growing import GrowingSegment
from delivery.proxy.journal.hearings import Hearings
from delivery.proxy.journal.housekeeping import Housekeeping
from delivery.proxy.journal.keys import Secrecy
from delivery.proxy.journal.records import (
    Entry,
    Intent,
    JournalError,
    JournalUnavailable,
    Outcome,
    encode_doubled,
    encode_intent,
    encode_note,
    encode_outcome,
    encode_pending,
    encode_start,
    encode_tick,
)
from delivery.proxy.journal.recovery import lock, recover
from delivery.proxy.journal.retries import binding
from delivery.proxy.journal.segments import journal_folders
from delivery.proxy.journal.settings import Settings
from delivery.proxy.journal.shelf import Sealed, Shelf, look_at
from delivery.proxy.journal.siblings import Sibling
from delivery.proxy.journal.unknowns import Unknowns
from delivery.proxy.journal.waiting import Both

if TYPE_CHECKING:
    from collections import Counter

    from delivery.proxy.journal.commits import Done
    from delivery.proxy.journal.keys import Key
    from delivery.proxy.journal.sharing import Sharing


class Journal:
    """Use `Journal.open`."""

    def __init__(self, folder: Path, settings: Settings, loop: asyncio.AbstractEventLoop) -> None:
        self.folder, self.settings, self.loop = folder, settings, loop
        self.secrecy = Secrecy(settings.secret)
        self.key_of = self.secrecy.key_of
        self.lock = lock(folder)
        found = recover(folder, settings.retry_window)
        self.damaged = found.damaged
        self.segment = found.growing
        self.clock = RunningClock(found.contents.clock)
        self.transactions: dict[str, Open] = found.contents.open
        self.shelf = Shelf(folder, found.sealed)
        self.unknowns = Unknowns(folder)
        self.siblings: list[Sibling] = []
        self.wards: list[Journal] = []
        self.sharing: Sharing | None = None
        self.segment_began = found.began
        self.numbers, self.prefix = count(1), secrets.token_hex(6)
        self.folder_descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        self.recall_unknown(found.contents.unknown)
        self.recovered = self.settle()
        self.hearings = Hearings(self, found.contents.listening)
        self.hear, self.miss = self.hearings.hear, self.hearings.miss
        self.commits = Commits(self.segment, loop, patience=settings.patience, renew=self.rotate)
        self.secure()
        self.housekeeping = Housekeeping(self)

    @classmethod
    def open(
        cls,
        directory: Path | str,
        settings: Settings | None = None,
        *,
        process: int = 0,
        processes: int = 0,
        redis: str = "",
    ) -> Journal:
        """Recovers what is there. Called inside the running loop. Raises JournalError with a sentence.

        With the number of `processes`, each knows the others from the first moment, otherwise within a second; and the
        first one looks after folders of processes there are no longer. `redis` is what several hosts share.
        """
        settings, directory = settings or Settings(), Path(directory)
        folder = directory / f"p{process}"
        try:
            for number in {process, *range(processes)}:
                (directory / f"p{number}").mkdir(parents=True, exist_ok=True)
            journal = cls(folder, settings, asyncio.get_running_loop())
            journal.find_siblings()
            for one in journal.siblings if processes and not process else ():
                if int(one.folder.name[1:]) >= processes:
                    journal.wards.append(cls(one.folder, settings, journal.loop))
        except OSError as error:
            where = error.filename or folder
            raise JournalError(f"The journal cannot be opened: {where}: {error.strerror}.") from error
        if redis:
            from delivery.proxy.journal.sharing import Sharing  # its library takes memory that few need

            journal.sharing = Sharing(redis, journal.prefix, settings)
        return journal

    def find_siblings(self) -> None:
        known = {self.folder, *(one.folder for one in self.siblings)}
        new = [one for one in journal_folders(self.folder.parent) if one not in known]
        self.siblings += [Sibling(one, self.settings) for one in new]

    def recall_unknown(self, places: dict[str, int]) -> None:
        """What the newest segment says of unknown outcomes and the file beside it does not yet."""
        known = self.unknowns.load(self.clock.read() - self.settings.unknown_window, places)
        for name, place in places.items():
            if name not in known:
                self.remember_unknown(self.segment.read(place))

    def settle(self) -> Counter[str]:
        """What the last process left open has an unknown outcome from now on. How many those are, by side."""
        if not self.segment.size:
            self.segment.append(encode_start(self.segment.number, now(), 0, self.clock.read()))
        before = self.unknowns.added.copy()
        for name in list(self.transactions):
            self.write_outcome(name, "unknown", b"")
        return self.unknowns.added - before

    def secure(self) -> None:
        """Durably, before anything else happens. Where the disk is full, the journal begins unavailable."""
        try:
            self.segment.flush()
            self.unknowns.flush()
            for descriptor in (self.segment.descriptor, self.unknowns.descriptor, self.folder_descriptor):
                os.fsync(descriptor)
        except OSError as error:
            self.commits.fail(error)

    @property
    def available(self) -> bool:
        return self.commits.trouble is None and (self.sharing is None or self.sharing.trouble is None)

    def new_id(self) -> str:
        """Never the same twice, on any host."""
        return f"{self.prefix}-{next(self.numbers):x}"

    def append(self, intent: Intent, done: Done) -> None:
        """`done` is called once: with None when it is durable, else with the reason. Raises that when known at once."""
        commits, sharing = self.commits, self.sharing
        trouble = commits.trouble or (sharing and sharing.trouble)
        if trouble:
            raise JournalUnavailable(*trouble.args)
        if self.segment.is_full(self.settings.segment_bytes):
            self.rotate_or_fail()
        segment = self.segment
        if intent.doubled:
            segment.append(encode_doubled(intent, self.secrecy.shown(intent.doubled), now()))
        place = segment.append(encode_intent(intent, self.secrecy.shown(intent.recipients), now()))
        message, marks, _ = intent.key
        slots = tuple([segment.table.insert(mark, place) for mark in marks])
        self.transactions[intent.id] = Open(message, segment.number, place, slots, marks)
        if sharing is not None:
            done = Both(done)
            sharing.claim(intent, done)
        commits.expect(done)

    async def intend(self, intent: Intent) -> None:
        """Returns once the intent is durable; raises JournalUnavailable when it cannot be."""
        durable: asyncio.Future[None] = self.loop.create_future()

        def done(error: JournalUnavailable | None) -> None:
            if durable.done():
                return
            if error is None:
                durable.set_result(None)
            else:
                durable.set_exception(error)

        self.append(intent, done)
        await durable

    def conclude(self, name: str, outcome: Outcome, reply: bytes) -> None:
        """Afterwards the outcome survives kill -9; the next group makes it durable. `refused`: nobody has the message.

        Every intent is concluded, also one whose dot never went out or that could not be made durable.
        """
        self.put(name, outcome, reply)
        self.commits.flush()

    def put(self, name: str, outcome: Outcome, reply: bytes) -> None:
        """As `conclude`, but it survives kill -9 only after `commits.flush`, which can serve many."""
        found = self.write_outcome(name, outcome, reply)
        if outcome == "accepted":
            self.hearings.expect(name, found)
        if self.sharing is not None:
            self.sharing.conclude(name, outcome, reply)

    def note(self, intent: Intent, outcome: Outcome, reply: bytes) -> None:
        """A transaction that was answered without sending anything: a line for readers, no retry asks for it."""
        self.segment.append(encode_note(intent, self.secrecy.shown(intent.recipients), now(), outcome, reply))
        self.commits.flush()

    def earlier(self, key: Key) -> tuple[Entry, ...]:
        """All transactions of this message for any of the recipients, of all processes of this host, the oldest first.

        None that may still matter is left out.
        """
        others = self.unknowns.find(key)
        if self.sharing is not None:
            others += self.sharing.earlier(key)
        here = look_at(key, self.shelf, self.segment)
        found = joined(key, [here, *[one.find(key) for one in self.siblings]], others)
        if found is None or not found.entries:
            return ()
        found.open(self.transactions)
        for name in found.entries.keys() & self.hearings.listening:
            found.hear(name, "listening")
        return found.told()

    def binding(self, key: Key) -> tuple[Entry, ...]:
        """Those of them that have a say in this attempt."""
        return binding(key, earlier) if (earlier := self.earlier(key)) else ()

    async def close(self) -> None:
        """Everything is durable afterwards; what is still open will be unknown at the next start."""
        for ward in self.wards:
            await ward.close()
        if self.sharing is not None:
            await self.sharing.close()
        self.housekeeping.stop()
        self.hearings.gather()
        self.segment.append(encode_tick(now(), self.clock.read()))
        await self.commits.close()
        await self.shelf.close()
        self.unknowns.close()
        for sibling in self.siblings:
            sibling.close()
        os.close(self.folder_descriptor)
        os.close(self.lock)

    def write_outcome(self, name: str, outcome: Outcome, reply: bytes) -> Open:
        found = self.transactions.pop(name)
        segment = self.segment
        line = encode_outcome(found.key, name, now(), outcome, reply, (found.segment, found.place))
        there = segment.append(line)
        settle(found if found.segment == segment.number else found._replace(slots=()), segment.table, there)
        if outcome == "unknown":
            self.remember_unknown(line[:-1])
        return found

    def remember_unknown(self, outcome: bytes) -> None:
        *_, segment, place = outcome.split(b"\t")
        number = int(segment)
        read = self.segment.read if number == self.segment.number else partial(self.shelf.read, number)
        if intent := read(int(place)):
            self.unknowns.add(intent, outcome, time=now(), clock=self.clock.read())

    def rotate_or_fail(self) -> None:
        try:
            self.rotate()
        except OSError as error:
            self.commits.fail(error)
            raise JournalUnavailable(*error.args) from error

    def rotate(self) -> None:
        """Begin another segment; it names what is open, so that a recovery need not read the one before."""
        old = self.segment
        self.hearings.gather()
        old.append(encode_tick(now(), self.clock.read(), b"E"))
        old.flush()
        self.unknowns.flush()
        new = GrowingSegment(self.folder, old.number + 1)
        pending = len(self.transactions) + len(self.hearings.listening)
        new.append(encode_start(new.number, now(), pending, self.clock.read()))
        for name, (key, number, place, _, marks) in self.transactions.items():
            new.append(encode_pending(key, name, (number, place), marks))
        for line in self.hearings.pending():
            new.append(line)
        self.segment = self.commits.segment = new
        self.segment_began = self.clock.read()
        if not self.commits.is_suspect:
            self.commits.also.append(old.descriptor)
        self.commits.also += [self.folder_descriptor, self.unknowns.descriptor]
        self.commits.ended.append(old.descriptor)
        self.shelf.seal(Sealed(old.number, old.table, self.clock.read()), old.table, size=old.size)
