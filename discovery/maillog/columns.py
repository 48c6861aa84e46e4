"""What a block of lines holds, in columns of numbers: counting a column costs a tenth of looking at its lines."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from discovery.maillog.bodies import Body
from discovery.maillog.octets import Marks

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from discovery.maillog.stamps import Key

Columns = list[Marks]
Slow = tuple[Any, int, Body]  # hour, source, and what only the grammar reads
Closer = tuple[int, str, str, bytes, bytes, bytes]  # source, provider, outcome; delay, status in digits, what was said

HEAD = 3  # hour (its number in the block), marks of source and queue id, then what the kind is about
ATTEMPT = HEAD + 3  # mark of the recipient, numbers of provider and outcome
QUEUED = HEAD + 2  # mark of the sender's domain, size
SINGLE = HEAD + 1  # mark of the Message-ID
CLIENT = 3  # hour, mark of the source, mark of what is said about the client
PARTS = ("before", "queue", "connection", "transmission")
SECONDS = ("delay", *PARTS)


class Table:
    """Columns of numbers; rows come many at once or one by one."""

    def __init__(self, width: int) -> None:
        """No row yet."""
        self.width = width
        self.parts: list[Columns] = []
        self.rows: list[tuple[int, ...]] = []

    def extend(self, columns: Sequence[npt.NDArray[Any]]) -> None:
        self.parts.append([column.astype(np.uint64, copy=False) for column in columns])

    def append(self, *row: int) -> None:
        self.rows.append(row)

    def columns(self) -> Columns:
        """All columns, those that came many at once first."""
        if self.rows:
            self.extend([np.array(column, np.uint64) for column in zip(*self.rows, strict=True)])
            self.rows = []
        if len(self.parts) != 1:
            empty = [np.zeros(0, np.uint64)] * self.width
            self.parts = [[np.concatenate(each) for each in zip(empty, *self.parts, strict=True)]]
        return self.parts[0]


@dataclass(slots=True)
class Block:
    """Some consecutive lines by kind, and what became of each line."""

    attempts: Table = field(default_factory=partial(Table, ATTEMPT))
    queued: Table = field(default_factory=partial(Table, QUEUED))
    ids: Table = field(default_factory=partial(Table, SINGLE))
    clients: Table = field(default_factory=partial(Table, CLIENT))
    removed: Table = field(default_factory=partial(Table, 1))  # marks of queue ids
    closer: list[Closer] = field(default_factory=list)  # attempts of which more is asked than their numbers
    seconds: dict[str, Counter[int]] = field(default_factory=lambda: {name: Counter() for name in SECONDS})
    connections: int = 0  # that attempts opened
    domains: Counter[bytes] = field(default_factory=Counter)  # of recipients
    keys: dict[Key, int] = field(default_factory=dict)  # numbers of hours: a number is hashed fastest
    hours: Counter[Key] = field(default_factory=Counter)  # lines
    sources: Counter[int] = field(default_factory=Counter)  # lines by the mark of their source
    names: dict[int, bytes] = field(default_factory=dict)  # of sources, by their marks
    senders: dict[int, bytes] = field(default_factory=dict)  # their domains, by their marks
    logins: dict[int, bytes] = field(default_factory=dict)  # what is said about clients, by its mark
    tls: Counter[tuple[bytes, bytes]] = field(default_factory=Counter)  # direction and version of connections
    bodies: list[Slow] = field(default_factory=list)
    strange: list[bytes] = field(default_factory=list)
    lines: int = 0
    understood: int = 0
    unrelated: int = 0

    def number(self, key: Key) -> int:
        return self.keys.setdefault(key, len(self.keys))
