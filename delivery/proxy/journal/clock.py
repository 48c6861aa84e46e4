"""Two clocks: the calendar's, for people, and one that only runs while the journal is open, for what may be forgotten.

A calendar that jumps must not make the journal forget what it still has to answer for.
"""

from __future__ import annotations

import time


def now() -> int:
    """Microseconds since 1970."""
    return time.time_ns() // 1000


class RunningClock:
    def __init__(self, base: float = 0.0) -> None:
        self.offset = base - time.monotonic()

    def read(self) -> float:
        """Seconds for which this journal was open, over all starts, to within a minute a start."""
        return self.offset + time.monotonic()
