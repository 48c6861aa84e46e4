"""What is counted, by each process in a row of its own, in one file that all processes of a host have mapped.

Counting is `figures.row[ACCEPTED_NEW] += 1`: nobody else writes that row, and anybody may add up the rows. Counters go
on after a restart; what says how things are now begins at 0.
"""

from __future__ import annotations

import os
import time
from bisect import bisect_left
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Literal

from delivery.proxy.mapped import map_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COLUMNS = 64
ROWS = 64
SILENT_AFTER = 5  # seconds without a sign of life
WORD = 8


@dataclass(frozen=True, slots=True)
class Figure:
    """`metric` and `labels` are Prometheus's; `name` is the key in JSON."""

    name: str
    metric: str
    says: str
    kind: Literal["counter", "gauge", "histogram"] = "counter"
    labels: str = ""


def _messages() -> Iterator[Figure]:
    says = "Messages by the side they were handed to and what came of it."
    for outcome in ("accepted", "refused", "unknown"):
        for side in ("old", "new"):
            labels = f'backend="{side}",outcome="{outcome}"'
            yield Figure(f"{outcome}_{side}", "gatepost_messages_total", says, labels=labels)


def _backends() -> Iterator[Figure]:
    for side in ("old", "new"):
        label = f'backend="{side}"'
        yield Figure(f"connects_{side}", "gatepost_backend_connects_total", "Connections made to a side.", labels=label)
        yield Figure(
            f"failures_{side}", "gatepost_backend_failures_total", "Connections to a side that failed.", labels=label
        )


def _troubles() -> Iterator[Figure]:
    """Of a side that cannot be reached at present, by process; all 0 while it can."""
    for name, says in (
        ("unreachable", "Since when no connection to a side could be made, in seconds since 1970; 0 while one can."),
        ("moved", "Transactions that left a side for the other since it cannot be reached."),
        ("deferred", "Transactions of a side that heard 451 since it cannot be reached."),
    ):
        for side in ("old", "new"):
            yield Figure(f"{name}_{side}", f"gatepost_backend_{name}", says, "gauge", f'backend="{side}"')


# From the client's dot to the reply it was given: seconds, each bound the upper end of a bucket.
BOUNDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1.0, 10.0)
WAITS = "gatepost_reply_seconds"


def _waits() -> Iterator[Figure]:
    says = "From the client's dot to the reply it was given."
    for place, bound in enumerate((*map(str, BOUNDS), "+Inf")):
        yield Figure(f"waits_{place}", WAITS, says, "histogram", f'le="{bound}"')
    yield Figure("waited_microseconds", WAITS, says, "histogram")


FIGURES: tuple[Figure, ...] = (
    *_messages(),
    *_backends(),
    *_troubles(),
    *_waits(),
    Figure("repeated", "gatepost_repeated_total", "Retries answered with what was recorded."),
    Figure("in_flight", "gatepost_in_flight_total", "Retries put off because the same message was under way."),
    Figure("failovers", "gatepost_failovers_total", "Transactions that moved to the other side before the dot."),
    Figure("parted", "gatepost_parted_recipients_total", "Recipients put off with 452 because of their side."),
    Figure("slow", "gatepost_slow_clients_total", "Transactions given up because others waited for their connection."),
    Figure("unjournaled", "gatepost_unjournaled_total", "Transactions refused because the journal was not writable."),
    Figure("smuggling", "gatepost_smuggling_total", "Messages refused for line endings that can be read in two ways."),
    Figure("bytes", "gatepost_bytes_total", "Bytes of content taken from clients."),
    Figure("sessions", "gatepost_sessions_total", "Sessions of clients since the counters began."),
    Figure("sessions_open", "gatepost_sessions_open", "Sessions of clients that are open.", "gauge"),
    Figure("transactions_open", "gatepost_transactions_open", "Transactions under way.", "gauge"),
    Figure("pins", "gatepost_pins", "Recipients whose retries unknown outcomes hold to a side.", "gauge"),
    Figure("journal_available", "gatepost_journal_available", "1 while the journal can be written.", "gauge"),
    Figure("pid", "gatepost_process_id", "Number of the process.", "gauge"),
    Figure("started", "gatepost_started_seconds", "When the process started, in seconds since 1970.", "gauge"),
    Figure("seen", "gatepost_seen_seconds", "When the process last said that it is well.", "gauge"),
    Figure("configuration", "gatepost_configuration", "A number made of the configuration in force.", "gauge"),
)
# Another list of figures is another file: what was counted under one name is never read under another.
FILE = f"figures.{blake2b(repr(FIGURES).encode(), digest_size=4).hexdigest()}"
PLACE = {figure.name: place for place, figure in enumerate(FIGURES)}
OF_A_PROCESS = frozenset(
    {"pid", "started", "seen", "configuration", "journal_available", "unreachable_old", "unreachable_new"}
)
ACCEPTED_OLD, ACCEPTED_NEW = PLACE["accepted_old"], PLACE["accepted_new"]
REFUSED_OLD, REFUSED_NEW = PLACE["refused_old"], PLACE["refused_new"]
UNKNOWN_OLD, UNKNOWN_NEW = PLACE["unknown_old"], PLACE["unknown_new"]
CONNECTS_OLD, CONNECTS_NEW = PLACE["connects_old"], PLACE["connects_new"]
FAILURES_OLD, FAILURES_NEW = PLACE["failures_old"], PLACE["failures_new"]
UNREACHABLE, MOVED, DEFERRED = (
    {"old": PLACE[f"{name}_old"], "new": PLACE[f"{name}_new"]} for name in ("unreachable", "moved", "deferred")
)
REPEATED, IN_FLIGHT, FAILOVERS, PARTED = (PLACE[name] for name in ("repeated", "in_flight", "failovers", "parted"))
SLOW = PLACE["slow"]
UNJOURNALED, SMUGGLING, BYTES, SESSIONS = (PLACE[name] for name in ("unjournaled", "smuggling", "bytes", "sessions"))
SESSIONS_OPEN, TRANSACTIONS_OPEN = PLACE["sessions_open"], PLACE["transactions_open"]
PINS = PLACE["pins"]
JOURNAL_AVAILABLE, PID, STARTED = (PLACE[name] for name in ("journal_available", "pid", "started"))
SEEN, CONFIGURATION = PLACE["seen"], PLACE["configuration"]
WAITS_FIRST, WAITED = PLACE["waits_0"], PLACE["waited_microseconds"]


def note_wait(row: memoryview[int], seconds: float) -> None:
    row[WAITS_FIRST + bisect_left(BOUNDS, seconds)] += 1
    row[WAITED] += int(seconds * 1_000_000)


class Figures:
    """`number` is the process whose row is written; without one, rows are only read."""

    def __init__(self, folder: Path, number: int | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._map = map_file(folder / FILE, COLUMNS * ROWS * WORD)
        self._words = memoryview(self._map).cast("q")
        self.row = self._row(number or 0)
        if number is not None:
            self._begin()

    def _row(self, number: int) -> memoryview[int]:
        return self._words[number * COLUMNS : (number + 1) * COLUMNS]

    def _begin(self) -> None:
        for place, figure in enumerate(FIGURES):
            if figure.kind == "gauge":
                self.row[place] = 0
        self.row[PID], self.row[SEEN] = os.getpid(), int(time.time())

    def totals(self) -> dict[str, int]:
        """Counters of all rows, and how things are now in the processes that run; not what concerns a single one."""
        every, running = list(range(ROWS)), self._running()
        return {
            one.name: sum(self._row(number)[place] for number in (running if one.kind == "gauge" else every))
            for place, one in enumerate(FIGURES)
            if one.name not in OF_A_PROCESS
        }

    def processes(self) -> list[dict[str, int]]:
        """Those that run."""
        return [
            {"number": number, **{name: self._row(number)[place] for name, place in PLACE.items()}}
            for number in self._running()
        ]

    def _running(self) -> list[int]:
        since = time.time() - SILENT_AFTER
        return [number for number in range(ROWS) if self._row(number)[SEEN] >= since]

    def close(self) -> None:
        self.row.release()
        self._words.release()
        self._map.close()
