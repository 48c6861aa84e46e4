"""Which streams' own numbers speak for another MTA, and which are well where they are. A suggestion, never a mark."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pricing.calculation.diagnosis import BAND_LABELS, Band
from pricing.calculation.facts import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pricing.calculation.diagnosis import Diagnosis


class Result(StrEnum):
    """What the numbers lead to, all streams together."""

    STAY = Band.STAY
    CONSIDER = Band.CONSIDER
    MIGRATE = Band.MIGRATE
    HYBRID = "hybrid"


@dataclass(frozen=True, slots=True)
class StreamPoints:
    """What is known of one stream: messages a month and on its busiest day, and the IPs it sends from."""

    name: str
    month: int | None = None
    peak: int | None = None
    ips: int | None = None


@dataclass(frozen=True, slots=True)
class StreamVerdict:
    """`band` is None as long as the numbers that would decide it are unknown."""

    points: StreamPoints
    band: Band | None
    numbers: str

    @property
    def label(self) -> str:
        return BAND_LABELS[self.band] if self.band else "Too little is known"


@dataclass(frozen=True, slots=True)
class Hybrid:
    """`result` is the whole's verdict, or hybrid where some streams are well on Postfix and others are not."""

    result: Result
    label: str
    explanation: str
    streams: tuple[StreamVerdict, ...]

    @property
    def is_hybrid(self) -> bool:
        return self.result is Result.HYBRID


def weigh_streams(streams: Iterable[StreamPoints], whole: Diagnosis, thresholds: Mapping[str, int]) -> Hybrid:
    """Whether to stay at all is asked of the whole first; then every stream is asked by itself."""
    verdicts = tuple(_verdict(each, thresholds) for each in streams)
    if whole.is_stay or not _is_split(verdicts):
        return Hybrid(Result(whole.band), BAND_LABELS[whole.band], _undivided(verdicts, whole), verdicts)
    return Hybrid(Result.HYBRID, _named(verdicts, whole), _divided(verdicts), verdicts)


def _verdict(points: StreamPoints, thresholds: Mapping[str, int]) -> StreamVerdict:
    return StreamVerdict(points, _band(points, thresholds), _numbers(points, thresholds))


def _band(points: StreamPoints, thresholds: Mapping[str, int]) -> Band | None:
    below = _all(
        None if points.month is None else points.month < thresholds["floor_month"],
        None if points.ips is None else points.ips <= thresholds["floor_ips"],
    )
    if below is None:
        return None
    if below:
        return Band.STAY
    if _reaches(points.month, thresholds["signal_month"]) or _reaches(points.peak, thresholds["signal_peak"]):
        return Band.MIGRATE
    if _reaches(points.ips, thresholds["signal_ips"]):
        return Band.MIGRATE
    return None if None in (points.month, points.ips) else Band.CONSIDER


def _all(*verdicts: bool | None) -> bool | None:
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _reaches(value: int | None, limit: int) -> bool:
    return value is not None and value >= limit


def _numbers(points: StreamPoints, thresholds: Mapping[str, int]) -> str:
    month = "volume unknown" if points.month is None else f"{points.month:,} a month"
    peak = "" if points.peak is None else f", {points.peak:,} on the busiest day"
    ips = "IPs unknown" if points.ips is None else counted("ips", points.ips)
    return (
        f"{month}{peak}, {ips}. Postfix does this well below {thresholds['floor_month']:,} a month on "
        f"{counted('ips', thresholds['floor_ips'])}; lit from {thresholds['signal_month']:,} a month, "
        f"{thresholds['signal_peak']:,} a day or {counted('ips', thresholds['signal_ips'])}."
    )


def _is_split(verdicts: Sequence[StreamVerdict]) -> bool:
    bands = {each.band for each in verdicts}
    return Band.STAY in bands and bool(bands & {Band.CONSIDER, Band.MIGRATE})


def _counts(verdicts: Sequence[StreamVerdict]) -> tuple[int, int, int]:
    """How many go, how many stay, of how many nothing can be told."""
    stay = sum(each.band is Band.STAY for each in verdicts)
    untold = sum(each.band is None for each in verdicts)
    return len(verdicts) - stay - untold, stay, untold


def _named(verdicts: Sequence[StreamVerdict], whole: Diagnosis) -> str:
    """Migrate 2 of 3 streams, keep one on Postfix."""
    go, stay, _ = _counts(verdicts)
    is_clear = whole.band is Band.MIGRATE or any(each.band is Band.MIGRATE for each in verdicts)
    verb = "Migrate" if is_clear else "Consider migrating"
    return f"{verb} {_figure(go)} of {len(verdicts)} streams, keep {_figure(stay)} on Postfix"


def _divided(verdicts: Sequence[StreamVerdict]) -> str:
    untold = _counts(verdicts)[2]
    rest = f" Of {_figure(untold)} too little is known to say." if untold else ""
    return f"Each stream was asked by itself.{rest} This is a suggestion: people mark the streams."


def _undivided(verdicts: Sequence[StreamVerdict], whole: Diagnosis) -> str:
    if whole.is_stay or len(verdicts) <= 1:
        return whole.explanation
    if all(each.band is Band.STAY for each in verdicts):
        return "Each stream by itself would be well on Postfix; what speaks for another MTA is that there are several."
    if all(each.band is None for each in verdicts):
        return "The numbers of the streams are not known yet, so nothing tells them apart."
    return "No stream's own numbers set it apart from the others."


def _figure(count: int) -> str:
    return "one" if count == 1 else f"{count:,}"
