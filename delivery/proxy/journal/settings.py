"""How a journal is kept. Seconds, where nothing else is said."""

from __future__ import annotations

from dataclasses import dataclass, field

HOUR = 3600
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Settings:
    # Postfix waits 4,000 seconds at most between two attempts: seven of them fit.
    retry_window: float = 8 * HOUR
    # As long as Postfix keeps a message in its queue.
    unknown_window: float = 5 * DAY
    # The reconciliation reads what is older than the retry window.
    retention: float = 14 * DAY
    segment_bytes: int = 512 << 20
    segment_age: float = HOUR
    patience: float = 10
    # Hashes recipients before they are written; empty: they stand there as they are.
    secret: bytes = field(default=b"", repr=False)
