"""Which stream a message belongs to: the domain of its sender, the one thing that the logs of all three servers say."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from discovery.maillog.providers import NOT_OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from discovery.maillog.tally import Tally

UNKNOWN = b"?"  # the sender stands in no line that was read
NOT_TOLD = ""
BOUNCES = "<>"  # what a server itself says: it has no sender
BOUNCES_LABEL = "<> (bounces)"
MOST_STREAMS = 20  # that are kept apart, the largest; of the others it is not told whose they are
LONGEST = 80  # letters

Name = TypeVar("Name", bytes, str)  # of a stream: as it stands in a log, or as it is kept
Cells = Counter[tuple[Any, str, Name, str]]  # hour, provider, stream, outcome


@dataclass(frozen=True, slots=True)
class StreamGroup:
    """A stream at a provider, over all days: recipients by how they ended, and attempts that were put off."""

    provider: str
    stream: str
    sent: int
    bounced: int
    deferrals: int
    put_off: int
    expired: int


def stream_of(domain: bytes | None) -> str:
    """What is no text is left out: this is shown, and kept."""
    if domain is None or domain == UNKNOWN:
        return NOT_TOLD
    text = domain.decode("utf-8", "replace").lower()
    return "".join(sign for sign in text if sign.isprintable()).strip("<> ")[:LONGEST] or BOUNCES


def stream_label(stream: str) -> str:
    """As people read it."""
    return {NOT_TOLD: "No stream told", BOUNCES: BOUNCES_LABEL}.get(stream, stream)


def largest(volumes: Mapping[Any, int]) -> frozenset[Any]:
    """Those that are kept apart; of one size by name."""
    ordered = sorted(volumes, key=lambda name: (-volumes[name], name))
    return frozenset(ordered[:MOST_STREAMS])


def folded(cells: Cells[Name]) -> Cells[Name]:
    """Only what belongs to the largest: the whole is counted elsewhere, so what is missing here is not told."""
    volumes: Counter[Name] = Counter()
    for (_, _, stream, _), count in cells.items():
        volumes[stream] += count
    kept = largest(volumes)
    return Counter({key: count for key, count in cells.items() if key[2] in kept})


def stream_cells(tally: Tally) -> Cells[str]:
    """Attempts outside by hour, provider, stream and outcome, of the largest streams."""
    found: Cells[str] = Counter()
    for joins in tally.joins.values():
        for (hour, provider, sender, outcome), count in joins.by_stream.items():
            if provider not in NOT_OUTSIDE and (stream := stream_of(sender)) != NOT_TOLD:
                found[hour, provider, stream, outcome] += count
    return folded(found)


def stream_groups(tally: Tally) -> tuple[StreamGroup, ...]:
    rows: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for (_, provider, stream, outcome), count in stream_cells(tally).items():
        rows[provider, stream][outcome] += count
    for name in ("put_off", "expired"):
        for (provider, sender), count in _joined(tally, name):
            if (place := (provider, stream_of(sender))) in rows:
                rows[place][name] += count
    return tuple(
        StreamGroup(*place, row["sent"], row["bounced"], row["deferred"], row["put_off"], row["expired"])
        for place, row in sorted(rows.items())
    )


def _joined(tally: Tally, name: str) -> Iterable[tuple[tuple[str, bytes], int]]:
    for joins in tally.joins.values():
        yield from getattr(joins, name).items()
