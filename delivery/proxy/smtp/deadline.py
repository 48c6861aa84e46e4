"""A deadline that is moved often and missed seldom: moving it is writing down a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable


class Deadline:
    """`missed` is called once, when the time that was set last is over."""

    __slots__ = ("at", "loop", "missed", "timer")

    def __init__(self, loop: asyncio.AbstractEventLoop, missed: Callable[[], None]) -> None:
        self.loop, self.missed = loop, missed
        self.at: float | None = None
        self.timer: asyncio.TimerHandle | None = None

    def set(self, seconds: float) -> None:
        self.at = at = self.loop.time() + seconds
        if self.timer is None or self.timer.when() > at:
            if self.timer is not None:
                self.timer.cancel()
            self.timer = self.loop.call_at(at, self._look)

    def clear(self) -> None:
        """The timer runs on: most deadlines are set again before it ends."""
        self.at = None

    def close(self) -> None:
        self.at = None
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    def _look(self) -> None:
        self.timer = None
        if self.at is None:
            return
        if self.loop.time() < self.at:
            self.timer = self.loop.call_at(self.at, self._look)
        else:
            self.at = None
            self.missed()
