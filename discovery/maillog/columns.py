"""What a block of lines holds, in columns: counting a column costs a tenth of looking at each of its lines."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import compress
from typing import TYPE_CHECKING, Any

from discovery.maillog.bodies import Body

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discovery.maillog.stamps import Key

Slow = tuple[Any, int, Body]  # hour, source, and what only the grammar reads
Columns = list[list[Any]]  # hour (its number in the block), marks of source and queue id, then what the kind is about

HEAD = 3
# An attempt for one recipient: the mark of its address, the provider, what became of it, and unless it was sent outside
# the delay in seconds, the status in digits, and what was said.
ATTEMPT = 6
QUEUED = 2  # domain of the sender, size
SINGLE = 1  # Message-ID, or client
PARTS = ("before", "queue", "connection", "transmission")
SECONDS = ("delay", *PARTS)


def columns(about: int) -> Columns:
    return [[] for _ in range(HEAD + about)]


@dataclass(slots=True)
class Block:
    """Some consecutive lines by kind, and what became of each line."""

    attempts: Columns = field(default_factory=lambda: columns(ATTEMPT))
    queued: Columns = field(default_factory=lambda: columns(QUEUED))
    ids: Columns = field(default_factory=lambda: columns(SINGLE))
    clients: Columns = field(default_factory=lambda: columns(SINGLE))
    removed: list[int] = field(default_factory=list)  # marks of queue ids
    seconds: dict[str, Counter[int]] = field(default_factory=lambda: {name: Counter() for name in SECONDS})
    connections: int = 0  # that attempts opened
    domains: Counter[bytes] = field(default_factory=Counter)  # of recipients
    keys: dict[Key, int] = field(default_factory=dict)  # numbers of hours: a number is hashed fastest
    hours: Counter[Key] = field(default_factory=Counter)  # lines
    sources: Counter[int] = field(default_factory=Counter)  # lines by the mark of their source
    names: dict[int, bytes] = field(default_factory=dict)  # of sources
    tls: Counter[tuple[bytes, bytes]] = field(default_factory=Counter)  # direction and version of connections
    bodies: list[Slow] = field(default_factory=list)
    strange: list[bytes] = field(default_factory=list)
    lines: int = 0
    understood: int = 0
    unrelated: int = 0

    def number(self, key: Key) -> int:
        return self.keys.setdefault(key, len(self.keys))


def extend(kept: Columns, more: Sequence[Sequence[Any]]) -> None:
    for column, values in zip(kept, more, strict=True):
        column.extend(values)


def append(kept: Columns, row: Sequence[Any]) -> None:
    for column, value in zip(kept, row, strict=True):
        column.append(value)


def chosen(whole: Columns, choice: Sequence[Any]) -> Columns:
    """The rows for which the choice holds."""
    return [list(compress(column, choice)) for column in whole]
