"""What is said in a turn of the loop, to clients and backends: written at its end, once the journal has its outcomes.

So one write of the journal serves all outcomes of a turn, and whoever is spoken to wakes up once for many of them.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

    from delivery.proxy.journal.commits import Commits


class Outgoing:
    """`turn` is another number after each writing: what was said in this turn nobody has got yet."""

    __slots__ = ("commits", "is_due", "loop", "turn", "words")

    def __init__(self, loop: asyncio.AbstractEventLoop, commits: Commits) -> None:
        self.loop, self.commits = loop, commits
        self.words: deque[tuple[asyncio.Transport, bytes]] = deque()
        self.turn, self.is_due = 0, False

    def say(self, transport: asyncio.Transport, content: bytes) -> None:
        if not self.is_due:
            self.is_due = True
            self.loop.call_soon(self.flush)
        self.words.append((transport, content))

    def flush(self) -> None:
        """What is said meanwhile may depend on an outcome that is not written yet: it waits for the next turn."""
        self.is_due = False
        self.commits.flush()
        self.turn += 1
        words = self.words
        for _ in range(len(words)):
            if not words:
                return  # somebody had to close a connection, and flushed by himself
            transport, content = words.popleft()
            if transport.is_closing():
                continue
            try:
                transport.write(content)
            except (OSError, RuntimeError):  # this connection is gone; what the others are told does not wait for it
                transport.abort()
