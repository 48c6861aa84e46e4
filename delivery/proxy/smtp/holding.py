"""Connections to a backend that slow clients keep from others.

Looked at only while somebody waits for one. What counts is the time in which nothing but the client was waited for, and
what it sent in that time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from delivery.proxy.smtp.envelope_stage import EnvelopeStage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from delivery.proxy.smtp.back import BackendConnection

PACE = 4_096  # bytes of content a second


class Holder:
    """A transaction that has a connection; `waited` are the seconds in which its client was waited for."""

    __slots__ = ("received", "transaction", "waited")

    def __init__(self, transaction: EnvelopeStage) -> None:
        self.transaction, self.received, self.waited = transaction, transaction.received, 0.0

    @property
    def pace(self) -> float:
        return (self.transaction.received - self.received) / self.waited


class Holders:
    def __init__(self) -> None:
        self.known: dict[EnvelopeStage, Holder] = {}

    def forget(self) -> None:
        self.known.clear()

    def look(self, connections: Iterable[BackendConnection], seconds: float) -> None:
        """So many `seconds` after the last look. Somebody who was not seen before is only noted."""
        seen: dict[EnvelopeStage, Holder] = {}
        for connection in connections:
            owner = connection.owner
            if not isinstance(owner, EnvelopeStage):
                continue
            known = self.known.get(owner)
            if known is not None and owner.awaits_client and not connection.waiting:
                known.waited += seconds
            seen[owner] = known or Holder(owner)
        self.known = seen

    def slowest(self, patience: float, most: int) -> list[EnvelopeStage]:
        """Those who were waited for longer than that and kept no pace, the slowest first."""
        slow = [one for one in self.known.values() if one.waited >= patience and one.pace < PACE]
        slow.sort(key=lambda one: (one.pace, -one.waited))
        return [one.transaction for one in slow[:most] if one.transaction.awaits_client]
