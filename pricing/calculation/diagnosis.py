"""Does this sender need another MTA at all? Four signals, three bands, and every verdict shows its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pricing.calculation.facts import capitalized, counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pricing.calculation.facts import DataPoints


class Band(StrEnum):
    STAY = "stay"
    CONSIDER = "consider"
    MIGRATE = "migrate"


BAND_LABELS = {
    Band.STAY: "Stay on Postfix",
    Band.CONSIDER: "Consider migrating",
    Band.MIGRATE: "Migrate",
}


@dataclass(frozen=True, slots=True)
class Signal:
    """One reason to migrate. `is_lit` is None as long as the numbers behind it are unknown."""

    key: str
    label: str
    is_lit: bool | None
    numbers: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The verdict. `is_provisional` says that an unknown number could still change the band."""

    band: Band
    signals: tuple[Signal, ...]
    is_below_floor: bool
    is_provisional: bool
    explanation: str

    @property
    def lit(self) -> int:
        return sum(signal.is_lit is True for signal in self.signals)

    @property
    def is_stay(self) -> bool:
        """Whether the advice is to stay, whatever the unknown numbers turn out to be."""
        return self.band is Band.STAY and not self.is_provisional


def diagnose(points: DataPoints, thresholds: Mapping[str, int]) -> Diagnosis:
    signals = (
        _volume(points, thresholds),
        _count("ips", "Many IPs", points.ips, thresholds["signal_ips"]),
        _count("streams", "Stream isolation", points.streams, thresholds["signal_streams"]),
        _count("tenants", "Tenants", points.tenants, thresholds["signal_tenants"]),
    )
    lit = sum(signal.is_lit is True for signal in signals)
    unknown = sum(signal.is_lit is None for signal in signals)
    below = _is_below_floor(points, thresholds)
    band = Band.STAY if below else _band(lit, thresholds)
    is_open = not below and _band(lit + unknown, thresholds) is not band
    could_fall_below = below is None and band is not Band.STAY
    return Diagnosis(
        band=band,
        signals=signals,
        is_below_floor=below is True,
        is_provisional=is_open or could_fall_below,
        explanation=_explanation(points, lit, len(signals), below=below, thresholds=thresholds),
    )


def _volume(points: DataPoints, thresholds: Mapping[str, int]) -> Signal:
    limits = ((points.month, thresholds["signal_month"]), (points.peak, thresholds["signal_peak"]))
    verdicts = [None if value is None else value >= limit for value, limit in limits]
    month = "unknown" if points.month is None else f"{points.month:,}"
    peak = "unknown" if points.peak is None else f"{points.peak:,}"
    numbers = (
        f"{month} a month, lit from {thresholds['signal_month']:,}; "
        f"daily peak {peak}, lit from {thresholds['signal_peak']:,}."
    )
    return Signal("volume", "Volume", _either(verdicts), numbers)


def _either(verdicts: list[bool | None]) -> bool | None:
    if True in verdicts:
        return True
    return None if None in verdicts else False


def _count(fact: str, label: str, value: int | None, limit: int) -> Signal:
    if value is None:
        return Signal(fact, label, None, f"Unknown, lit from {limit}.")
    return Signal(fact, label, value >= limit, f"{capitalized(counted(fact, value))}, lit from {limit}.")


def _band(lit: int, thresholds: Mapping[str, int]) -> Band:
    if lit >= thresholds["band_migrate"]:
        return Band.MIGRATE
    return Band.CONSIDER if lit >= thresholds["band_consider"] else Band.STAY


def _is_below_floor(points: DataPoints, thresholds: Mapping[str, int]) -> bool | None:
    """Below the floor nothing else counts. None while it is undecided."""
    verdicts = [
        None if points.month is None else points.month < thresholds["floor_month"],
        None if points.ips is None else points.ips <= thresholds["floor_ips"],
        None if points.streams is None else points.streams <= thresholds["floor_streams"],
    ]
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _explanation(
    points: DataPoints, lit: int, signals: int, *, below: bool | None, thresholds: Mapping[str, int]
) -> str:
    if below:
        shape = f"{counted('ips', points.ips or 0)} and {counted('streams', points.streams or 0)}"
        return (
            f"{points.month:,} a month is below {thresholds['floor_month']:,}, with {shape}: "
            "Postfix does this well, whatever else is true."
        )
    return (
        f"{lit} of {signals} signals lit; from {thresholds['band_consider']} it is worth considering, "
        f"from {thresholds['band_migrate']} the numbers speak for migrating."
    )
