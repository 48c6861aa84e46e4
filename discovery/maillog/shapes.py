"""The rows of which the figures are made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Period:
    """A month, day or hour: `accepted` messages handed in, recipients `sent` to, `bounced` and put off outside."""

    name: str
    accepted: int
    sent: int
    bounced: int
    deferrals: int

    @property
    def ended(self) -> int:
        return self.sent + self.bounced


@dataclass(frozen=True, slots=True)
class Group:
    """A provider or a stream: recipients by how they ended, and attempts that were put off."""

    name: str
    sent: int
    bounced: int
    deferrals: int
    put_off: int = 0
    expired: int = 0

    @property
    def bounce_rate(self) -> float | None:
        """Of the recipients that came to an end, the share that was refused or given up."""
        ended = self.sent + self.bounced + self.expired
        return (self.bounced + self.expired) / ended if ended else None


@dataclass(frozen=True, slots=True)
class Latency:
    name: str
    p50: float | None
    p95: float | None
    longest: float
