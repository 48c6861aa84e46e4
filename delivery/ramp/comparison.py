"""What each side did with its recipients, by hour, provider and stream, out of an engine that has reconciled."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.ramp.book import FIGURES
from discovery.maillog.providers import provider_of
from discovery.maillog.streams import MOST_STREAMS, stream_of

if TYPE_CHECKING:
    from delivery.logs.engine import Engine

SQL = Path(__file__).with_name("comparison.sql")
COVERED = SQL.with_name("covered.sql")


@dataclass(frozen=True, slots=True)
class HourRow:
    """Recipients of one hour (seconds since 1970) at one provider, by one side. An empty `stream` is not told."""

    side: str
    provider: str
    hour: int
    stream: str
    delivered: int
    failed: int
    deferred: int
    timed: int
    slow: int


def compare(engine: Engine, *, slow_after: float) -> list[HourRow]:
    """`slow_after` in seconds, from the acceptance that the journal knows to the delivery."""
    engine.script(SQL.read_text(encoding="utf-8"), slow_after=slow_after, most_streams=MOST_STREAMS)
    added: dict[tuple[str, str, int, str], Counter[str]] = {}
    names = ", ".join(FIGURES)
    for side, domain, hour, stream, *counts in engine.rows(f"SELECT side, domain, hour, stream, {names} FROM compared"):  # noqa: S608 (our own names)
        provider = provider_of(b"", (domain or "").encode(), "smtp")
        place = (side, provider, hour, stream_of(None if stream is None else stream.encode()))
        added.setdefault(place, Counter()).update(dict(zip(FIGURES, counts, strict=True)))
    return [HourRow(*place, *(counts[name] for name in FIGURES)) for place, counts in sorted(added.items())]


def covered_by(engine: Engine) -> dict[str, list[float]]:
    """First and last moment, in seconds since 1970, of the journal and of the logs of each side.

    What logs say for themselves where no journal was given is none of its moments.
    """
    spans = {side: [first, last] for side, first, last in engine.rows(COVERED.read_text(encoding="utf-8"))}
    given = "EXISTS (FROM files WHERE kind = 'journal')"
    for first, last in engine.rows(f"SELECT first, last FROM spans WHERE {given}"):  # noqa: S608 (our own words)
        spans["journal"] = [first, last]
    return {side: span for side, span in spans.items() if None not in span}
