"""The thread that makes files durable, so that a slow disk never holds up the loop."""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence

Step = tuple["Callable[[int], None]", int]


class Syncer:
    """Runs `os.fdatasync` and the like in order; `done` is called in the loop once for each round."""

    def __init__(self, loop: asyncio.AbstractEventLoop, done: Callable[[OSError | None], None]) -> None:
        self.loop, self.done = loop, done
        self.rounds: SimpleQueue[Sequence[Step] | None] = SimpleQueue()
        self.thread = threading.Thread(target=self.run, name="journal", daemon=True)
        self.thread.start()

    def sync(self, steps: Sequence[Step]) -> None:
        self.rounds.put(steps)

    def run(self) -> None:
        while (steps := self.rounds.get()) is not None:
            error = attempt(steps)
            try:
                self.loop.call_soon_threadsafe(self.done, error)
            except RuntimeError:  # the loop was closed: nobody waits any more
                return

    def stop(self) -> None:
        self.rounds.put(None)
        self.thread.join()


def attempt(steps: Sequence[Step]) -> OSError | None:
    try:
        for step, descriptor in steps:
            step(descriptor)
    except OSError as error:
        return error
    return None
