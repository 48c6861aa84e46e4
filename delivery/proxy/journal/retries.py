"""What earlier transactions of a message mean for the one at hand. docs/proxy-journal.md says why.

Only transactions with a recipient in common are looked at. A Message-ID says that two messages are one; without it,
equal ones are one only where the client cannot have got the first reply.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from delivery.proxy.envelope import Backend
    from delivery.proxy.journal.keys import Key
    from delivery.proxy.journal.records import Entry


def binding(key: Key, earlier: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(one for one in earlier if binds(key, one))


def binds(key: Key, entry: Entry) -> bool:
    match entry.outcome:
        case "open":
            return True
        case "unknown":
            return entry.hearing != "released"
        case "accepted":
            return key.is_named or entry.hearing == "broken"
    return False


def pinned_side(bound: Sequence[Entry]) -> Backend | None:
    """Where the retry has to go: where an earlier attempt may have arrived, or has."""
    for outcome in ("unknown", "accepted"):
        for one in reversed(bound):
            if one.outcome == outcome and holds_side(one):
                return "new" if one.backend == "new" else "old"
    return None


def holds_side(entry: Entry) -> bool:
    """Whoever has heard of the first and sends again decides anew, and so does the split."""
    return entry.outcome == "unknown" or (entry.outcome == "accepted" and entry.hearing != "heard")


def repeated(key: Key, bound: Sequence[Entry], digest: str) -> Entry | None:
    """Whose reply answers the retry: every recipient was accepted before, and the content is the same."""
    accepted = [one for one in bound if one.outcome == "accepted" and one.digest == digest]
    covered = {mark for one in accepted for mark in one.marks}
    return accepted[-1] if accepted and covered.issuperset(key.marks) else None


def forbids(bound: Iterable[Entry], digest: str, side: str) -> bool:
    """Whether the same message is under way just now, or may have arrived at the other side."""
    for one in bound:
        if one.outcome == "open" and one.digest == digest:
            return True
        if one.backend != side and holds_side(one) and (one.outcome == "unknown" or one.digest == digest):
            return True
    return False


def doubled(key: Key, bound: Iterable[Entry], recipients: Sequence[bytes], digest: str) -> list[bytes]:
    """Who of the recipients, in the order of the key's marks, may have the message already."""
    there = (one for one in bound if one.outcome in {"unknown", "accepted"} and one.digest == digest)
    known = {mark for one in there for mark in one.marks}
    return [one for one, mark in zip(recipients, key.marks, strict=True) if mark in known]
