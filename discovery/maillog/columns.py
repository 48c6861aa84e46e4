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

Slow = tuple[Any, bytes, Body]  # hour, source, and what only the grammar reads
Columns = list[list[Any]]  # hour (its number in the block), source and queue id, then what the kind is about

HEAD = 3
# An attempt for one recipient: its address and domain, who answered, how often the connection was used before, five
# times in seconds, the status in digits and in a word, what was said. Empty or None is what the line does not name.
DELIVERY = 12
QUEUED = 2  # domain of the sender, size
SINGLE = 1  # Message-ID, or client


def columns(about: int) -> Columns:
    return [[] for _ in range(HEAD + about)]


@dataclass(slots=True)
class Block:
    """Some consecutive lines by kind, and what became of each line."""

    deliveries: Columns = field(default_factory=lambda: columns(DELIVERY))
    queued: Columns = field(default_factory=lambda: columns(QUEUED))
    ids: Columns = field(default_factory=lambda: columns(SINGLE))
    clients: Columns = field(default_factory=lambda: columns(SINGLE))
    removed: list[bytes] = field(default_factory=list)
    keys: dict[Key, int] = field(default_factory=dict)  # numbers of hours: a number is hashed fastest
    hours: Counter[Key] = field(default_factory=Counter)  # lines
    sources: Counter[bytes] = field(default_factory=Counter)  # lines
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
