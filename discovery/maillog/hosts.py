"""Sorts what a block says by host: queue ids are told apart within a host only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from discovery.maillog.envelopes import Source, source_of

if TYPE_CHECKING:
    from discovery.maillog.columns import Block, Closer, Columns, Slow
    from discovery.maillog.octets import Marks


@dataclass(slots=True)
class HostRows:
    """What a block says about one host."""

    attempts: Columns
    queued: Columns
    ids: Columns
    clients: Columns
    removed: Marks  # an end that names no host is tried on each: elsewhere the id is unknown
    closer: list[Closer]
    bodies: list[Slow]

    def of(self, sources: set[int]) -> HostRows:
        """The rows that these sources wrote."""
        here = np.array(list(sources), np.uint64)
        return HostRows(
            attempts=_chosen(self.attempts, here),
            queued=_chosen(self.queued, here),
            ids=_chosen(self.ids, here),
            clients=_chosen(self.clients, here),
            removed=self.removed,
            closer=[row for row in self.closer if row[0] in sources],
            bodies=[row for row in self.bodies if row[1] in sources],
        )


def by_host(block: Block) -> dict[str, HostRows]:
    """Nearly always there is one."""
    homes = {source: named(block.names[source]).host for source in block.sources}
    whole = HostRows(
        attempts=block.attempts.columns(),
        queued=block.queued.columns(),
        ids=block.ids.columns(),
        clients=block.clients.columns(),
        removed=block.removed.columns()[0],
        closer=block.closer,
        bodies=block.bodies,
    )
    names = set(homes.values())
    if len(names) == 1:
        return {names.pop(): whole}
    return {name: whole.of({source for source, home in homes.items() if home == name}) for name in names}


def named(source: bytes) -> Source:
    """Sources that are not of Postfix have been sorted out."""
    return source_of(source) or Source("", "", "")


def _chosen(columns: Columns, sources: Marks) -> Columns:
    is_here = np.isin(columns[1], sources)
    return [column[is_here] for column in columns]
