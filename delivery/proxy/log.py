"""What the proxy says of itself: a line of JSON for each event, on standard error."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime

MOST_A_SECOND = 20  # of one event: a backend that is down must not fill the disk the journal needs


class Log:
    """`log("failover", to="old", why="...")`. What is left out is counted and told with the next line of its event."""

    def __init__(self, number: int = 0) -> None:
        self.number = number
        self.seen: dict[str, tuple[int, int, int]] = {}

    def __call__(self, event: str, **fields: object) -> None:
        second = int(time.monotonic())
        began, count, left_out = self.seen.get(event, (second, 0, 0))
        if began != second:
            began, count = second, 0
        if count >= MOST_A_SECOND:
            self.seen[event] = (began, count, left_out + 1)
            return
        self.seen[event] = (began, count + 1, 0)
        told = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, "process": self.number}
        told |= {name: value for name, value in fields.items() if value is not None}
        if left_out:
            told["left_out_before"] = left_out
        try:
            sys.stderr.write(json.dumps(told, default=str) + "\n")
            sys.stderr.flush()
        except OSError:
            # Whoever read this is gone; mail goes on.
            self.seen[event] = (began, count, left_out + 1)
