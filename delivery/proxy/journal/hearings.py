"""Who may still be waiting for a reply: from the outcome until the client goes on, or its connection ends otherwise.

That a client went on is a word in a line now and then. All else is a line of its own, which a later retry finds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from delivery.proxy.journal.clock import now
from delivery.proxy.journal.records import encode_heard, encode_hearing, encode_pending

if TYPE_CHECKING:
    from collections.abc import Iterator

    from delivery.proxy.journal.contents import Open
    from delivery.proxy.journal.journal import Journal
    from delivery.proxy.journal.keys import Key
    from delivery.proxy.journal.records import Hearing

GATHER = 0.02  # seconds; so long a kill -9 takes the reply of one who went on for lost


class Hearings:
    def __init__(self, journal: Journal, left: dict[str, Open]) -> None:
        """Whoever listened to the process before this one heard no more of it."""
        self.journal = journal
        self.listening: dict[str, Open] = {}
        self.names: list[str] = []
        for name, one in left.items():
            self.write(name, one.key, one.marks, "broken")

    def expect(self, name: str, found: Open) -> None:
        self.listening[name] = found

    def hear(self, name: str, key: Key) -> None:
        """The client has got the reply. `name` may be an earlier transaction, whose reply was given again."""
        journal = self.journal
        if self.listening.pop(name, None) is None:
            self.write(name, key.message, key.marks, "heard")
            journal.commits.flush()
        else:
            self.names.append(name)
            if len(self.names) == 1:
                journal.loop.call_later(GATHER, self.flush)
        if journal.sharing is not None:
            journal.sharing.hear(name, key, "heard")

    def miss(self, name: str, key: Key, hearing: Hearing) -> None:
        """The session is over and the client said nothing more."""
        if self.listening.pop(name, None) is None:
            return
        self.write(name, key.message, key.marks, hearing)
        self.journal.commits.flush()
        if self.journal.sharing is not None:
            self.journal.sharing.hear(name, key, hearing)

    def release(self, side: str) -> int:
        """Unknown outcomes at a side hold no retry there any more. How many that were. Raises OSError."""
        journal = self.journal
        released = journal.unknowns.release(side, time=now())
        for one in released:
            self.write(one.id, one.key, one.marks, "released")
            if journal.sharing is not None:
                journal.sharing.release(one)
        if journal.sharing is not None:
            journal.sharing.known.clear()  # what other hosts hold still, the next attempt is told anew
        journal.commits.flush()
        return len(released) + sum(ward.hearings.release(side) for ward in journal.wards)

    def write(self, name: str, message: int, marks: tuple[int, ...], hearing: Hearing) -> None:
        segment = self.journal.segment
        place = segment.append(encode_hearing(message, name, now(), hearing, marks))
        for mark in marks:
            segment.table.insert(mark, place)

    def gather(self) -> None:
        """Into the segment with the names that wait."""
        if self.names:
            self.journal.segment.append(encode_heard(self.names, now()))
            self.names = []

    def flush(self) -> None:
        if self.names:
            self.gather()
            self.journal.commits.flush()

    def pending(self) -> Iterator[bytes]:
        """For the begin of another segment."""
        for name, (key, number, place, _, marks) in self.listening.items():
            yield encode_pending(key, name, (number, place), marks, b"W")
