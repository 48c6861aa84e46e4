"""What was found of a message: its transactions, and whether their clients got the replies."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from delivery.proxy.journal.records import HEARING, KEY, entry_of, name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from delivery.proxy.journal.keys import Key
    from delivery.proxy.journal.records import Entry, Hearing

    Read = Callable[[int, int], bytes]

SEGMENT, PLACE = 7, 8  # fields of an O line
STRENGTH: dict[Hearing, int] = {"listening": 0, "broken": 1, "left": 1, "heard": 2, "released": 2}


class Found:
    """`entries` and `hearings` by the id of the transaction; the strongest word on a hearing counts.

    Not the latest: clocks jump, and what is known of a client only ever grows.
    """

    __slots__ = ("entries", "hearings", "key", "marks")

    def __init__(self, key: Key) -> None:
        self.key, self.marks = key, frozenset(key.marks)
        self.entries: dict[str, Entry] = {}
        self.hearings: dict[str, Hearing] = {}

    def take(self, line: bytes, read: Callable[[int, int], bytes]) -> None:
        """A line the index names. Another message's with the same fingerprint is passed over."""
        if not line or int(line[KEY], 16) != self.key.message:
            return
        match line[9:10]:
            case b"I":
                self.add([entry_of(line)])
            case b"O":
                fields = line.split(b"\t")
                if intent := read(int(fields[SEGMENT]), int(fields[PLACE])):
                    self.add([entry_of(intent, line)])
            case b"U":
                self.hear(name_of(line), cast("Hearing", line.split(b"\t")[HEARING].decode()))

    def add(self, entries: Iterable[Entry]) -> None:
        """Those that have a recipient in common; of a transaction its end counts, if it is there."""
        for one in entries:
            known = self.entries.get(one.id)
            if (known is None or known.concluded is None) and not self.marks.isdisjoint(one.marks):
                self.entries[one.id] = one

    def hear(self, name: str, hearing: Hearing) -> None:
        if STRENGTH[hearing] >= STRENGTH[self.hearings.get(name, "listening")]:
            self.hearings[name] = hearing

    def join(self, other: Found) -> None:
        self.add(other.entries.values())
        for name, hearing in other.hearings.items():
            self.hear(name, hearing)

    def open(self, names: Iterable[str]) -> None:
        """One without an outcome is under way while whoever began it lives."""
        for name in self.entries.keys() & names:
            if self.entries[name].concluded is None:
                self.entries[name] = self.entries[name]._replace(outcome="open")

    def told(self) -> tuple[Entry, ...]:
        """The oldest first."""
        heard = (self.with_hearing(one) for one in self.entries.values())
        return tuple(sorted(heard, key=lambda one: one.time))

    def with_hearing(self, entry: Entry) -> Entry:
        hearing = self.hearings.get(entry.id)
        return entry if hearing is None else entry._replace(hearing=hearing)


def joined(key: Key, parts: Iterable[Found | None], entries: Collection[Entry]) -> Found | None:
    """None where there is nothing, as of nearly all messages."""
    there = [one for one in parts if one is not None]
    if not there and not entries:
        return None
    found = Found(key)
    for one in there:
        found.join(one)
    found.add(entries)
    return found
