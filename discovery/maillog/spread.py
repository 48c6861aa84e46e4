"""Percentiles of seconds from a histogram whose bounds grow by a twelfth: an answer is never off by more than that."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

GROWTH = 13 / 12
SMALLEST = 0.001
MOST_WRITTEN = 20_000
LOG_GROWTH = math.log(GROWTH)
METHOD = (
    "Nearest rank over all attempts in a histogram whose bounds grow by a twelfth; the upper bound is given, so a "
    "figure is at most 8.4 % too high. Below a millisecond it says 0."
)


class Spread:
    """A histogram of seconds."""

    def __init__(self) -> None:
        """Nothing counted yet."""
        self.bins: Counter[int] = Counter()
        self.written: Counter[int] = Counter()
        self.longest = 0.0

    def add(self, written: Iterable[int] | Counter[int]) -> None:
        """Count seconds as they are written in the log, by `number_of`; what is no number is left out."""
        self.written.update(written)
        if len(self.written) > MOST_WRITTEN:
            self._settle()

    def _settle(self) -> None:
        for written, count in self.written.items():
            try:
                seconds = float(text_of(written))
            except ValueError:
                continue
            self.bins[bin_of(seconds)] += count
            self.longest = max(self.longest, seconds)
        self.written.clear()

    def merge(self, other: Spread) -> None:
        other._settle()
        self.bins.update(other.bins)
        self.longest = max(self.longest, other.longest)

    @property
    def count(self) -> int:
        self._settle()
        return self.bins.total()

    def percentile(self, percent: int) -> float | None:
        """The seconds below or at which this share lies; None when nothing was counted."""
        if not self.count:
            return None
        rank = math.ceil(self.count * percent / 100)
        for place in sorted(self.bins):
            rank -= self.bins[place]
            if rank <= 0:
                return min(bound_of(place), self.longest)
        return self.longest


def bin_of(seconds: float) -> int:
    return 0 if seconds < SMALLEST else 1 + math.ceil(math.log(seconds / SMALLEST) / LOG_GROWTH - 1e-9)


def bound_of(place: int) -> float:
    return 0.0 if place == 0 else round(SMALLEST * GROWTH ** (place - 1), 6)


def number_of(text: bytes) -> int:
    """The bytes of a text as one number, which is counted faster than the text."""
    return int.from_bytes(text, "little")


def text_of(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "little")
