"""Numbers that can hardly both be true. They are shown, never corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pricing.calculation.facts import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pricing.calculation.facts import DataPoints

CHECK = "Check these two numbers:"


def doubts(points: DataPoints, thresholds: Mapping[str, int]) -> tuple[str, ...]:
    """Sentences about pairs of numbers that contradict each other; empty when they agree or one is unknown."""
    return (*_about_volume(points, thresholds), *_about_pools(points, thresholds))


def _about_volume(points: DataPoints, thresholds: Mapping[str, int]) -> Iterator[str]:
    month, peak = points.month, points.peak
    if month is None or peak is None:
        return
    days, multiple = thresholds["sanity_days"], thresholds["sanity_multiple"]
    if peak * days < month:
        yield (
            f"{CHECK} {days} days at the daily peak of {peak:,} make {peak * days:,}, "
            f"which is less than the {month:,} of the month."
        )
    elif peak * days > month * multiple:
        yield (
            f"{CHECK} {days} days at the daily peak of {peak:,} make {peak * days:,}, "
            f"more than {multiple} times the {month:,} of the month."
        )


def _about_pools(points: DataPoints, thresholds: Mapping[str, int]) -> Iterator[str]:
    if points.ips is None or points.pools is None:
        return
    most = thresholds["sanity_pool_ips"]
    if points.ips > points.pools * most:
        yield (
            f"{CHECK} {counted('ips', points.ips)} in {counted('pools', points.pools)}. "
            f"A pool rarely holds more than {most}."
        )
    if points.pools > points.ips:
        yield f"{CHECK} {counted('pools', points.pools)} cannot be filled with {counted('ips', points.ips)}."
