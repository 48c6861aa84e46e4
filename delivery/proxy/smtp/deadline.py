"""Deadlines that are moved often and missed seldom: moving one is writing down a number, and one timer looks at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

LONGEST_LOOK = 1.0  # seconds between two looks at most
NEVER = float("inf")


def nothing() -> None:
    """What a deadline does that is over."""


class Deadlines:
    """All of a process. One is told up to two looks' time too late.

    `horizon` is when the next look is due: nobody has to ask the clock to set a deadline.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.known: set[Deadline] = set()
        self.every = LONGEST_LOOK
        self._wait()

    def _wait(self) -> None:
        self.horizon = self.loop.time() + self.every
        self.timer = self.loop.call_later(self.every, self._look)

    def adopt(self, shortest: float) -> None:
        """Looks often enough for deadlines of this length."""
        self.every = min(LONGEST_LOOK, shortest / 4)
        self.timer.cancel()
        self._wait()

    def close(self) -> None:
        self.timer.cancel()

    def _look(self) -> None:
        now = self.loop.time()
        self._wait()
        for deadline in [one for one in self.known if one.at < now]:
            deadline.at = NEVER
            deadline.missed()


class Deadline:
    """`missed` is called once when the time that was set last is over."""

    __slots__ = ("at", "deadlines", "missed")

    def __init__(self, deadlines: Deadlines, missed: Callable[[], None]) -> None:
        self.deadlines, self.missed = deadlines, missed
        self.at = NEVER
        deadlines.known.add(self)

    def set(self, seconds: float) -> None:
        self.at = self.deadlines.horizon + seconds

    def clear(self) -> None:
        self.at = NEVER

    def close(self) -> None:
        """For good. Nothing is held any more that holds this."""
        self.at, self.missed = NEVER, nothing
        self.deadlines.known.discard(self)
