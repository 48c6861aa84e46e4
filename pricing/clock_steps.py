"""The steps at which people are told of a promise: twice while time is left, and once it has run out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pricing.models import ClockNotice

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from core.components import ClockReading

Kind = ClockNotice.Kind
URGENCY = (Kind.FIRST, Kind.LAST, Kind.BREACH)


def due_step(reading: ClockReading | None, told: Collection[str], thresholds: Mapping[str, int]) -> Kind | None:
    """The most urgent step that is reached and of which nobody was told; a missed earlier one is not made up for.

    A clock that stands is told of only when it had run out before.
    """
    if reading is None or reading.due_at is None or reading.is_stopped or (reading.pause and not reading.is_late):
        return None
    reached = [kind for kind in URGENCY if reading.left <= timedelta(hours=hours_of(kind, thresholds))]
    if not reached or set(told) & set(URGENCY[URGENCY.index(reached[-1]) :]):
        return None
    return reached[-1]


def hours_of(kind: Kind, thresholds: Mapping[str, int]) -> int:
    return 0 if kind == Kind.BREACH else thresholds[f"{kind}_warning_hours"]
