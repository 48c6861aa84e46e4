"""How many different values, and how many of them come more than once, in bounded memory.

Values come as marks of 64 bits. Past the cap only every second, fourth, ... mark is kept (Gibbons' distinct sampling),
and the answers are scaled: exact below the cap, an estimate with a known sampling rate above it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from discovery.maillog.octets import FACTOR, Choice, Marks, Places

Counts = npt.NDArray[np.int64]

MOST_KEPT = 1_000_000
MOST_NEW = 250_000
FOLDED = np.uint64(32)


class Distinct:
    """Counts values."""

    def __init__(self, cap: int = MOST_KEPT) -> None:
        """Keep at most `cap` marks."""
        self.cap = cap
        self.level = 0
        self.kept: Marks = np.zeros(0, np.uint64)  # in their order
        self.counts = np.zeros(0, np.int64)
        self.new: list[tuple[Marks, int]] = []  # not sorted in yet, and how often each of them counts
        self.waits = 0

    def add(self, marks: Marks) -> None:
        self._take(_spread(marks), 1)

    def take_back(self, marks: Marks) -> None:
        """One of each value less: it is the same thing passing by a second time."""
        self._take(_spread(marks), -1)

    def merge(self, other: Distinct) -> None:
        """Add what another one counted."""
        self._settle()
        other._settle()
        if not len(self.kept):
            self.level, self.kept, self.counts = max(self.level, other.level), other.kept, other.counts
            return
        self.level = max(self.level, other.level)
        self._add_up(np.concatenate((self.kept, other.kept)), np.concatenate((self.counts, other.counts)))

    def _take(self, spread: Marks, times: int) -> None:
        self.new.append((spread[self._fits(spread)], times))
        self.waits += len(spread)
        if self.waits > MOST_NEW:
            self._settle()

    def _settle(self) -> None:
        if self.new:
            times = [np.full(len(each), often, np.int64) for each, often in self.new]
            spread = np.concatenate([self.kept, *(each for each, _ in self.new)])
            self.new, self.waits = [], 0
            self._add_up(spread, np.concatenate([self.counts, *times]))

    def _add_up(self, spread: Marks, counts: Counts) -> None:
        order = np.argsort(spread)
        spread = spread[order]
        firsts = np.flatnonzero(np.concatenate(([True], spread[1:] != spread[:-1])))[: len(spread)]
        self.kept, self.counts = spread[firsts], _sums(counts[order], firsts)
        while True:
            fits = self._fits(self.kept)
            self.kept, self.counts = self.kept[fits], self.counts[fits]
            if len(self.kept) <= self.cap:
                break
            self.level += 1

    def _fits(self, spread: Marks) -> Choice:
        fits: Choice = (spread & np.uint64((1 << self.level) - 1)) == 0
        return fits

    @property
    def is_exact(self) -> bool:
        self._settle()
        return self.level == 0

    @property
    def different(self) -> int:
        self._settle()
        return len(self.kept) << self.level

    @property
    def repeated(self) -> int:
        """How many different values came more than once."""
        self._settle()
        return int((self.counts > 1).sum()) << self.level


def _spread(marks: Marks) -> Marks:
    """The same, with nothing of a text's own pattern in the low bits."""
    mixed = marks * np.uint64(FACTOR)
    return mixed ^ (mixed >> FOLDED)


def _sums(counts: Counts, firsts: Places) -> Counts:
    return np.add.reduceat(counts, firsts) if len(firsts) else counts
