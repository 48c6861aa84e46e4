"""How many different values, and how many of them come more than once, in bounded memory.

Values are kept as 64-bit hashes. Past the cap only every second, fourth, ... hash is kept (Gibbons' distinct sampling),
and the answers are scaled: exact below the cap, an estimate with a known sampling rate above it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_KEPT = 1_000_000


class Distinct:
    """Counts values. `hash` is keyed for each run of the interpreter: nothing of a value can be told from it."""

    def __init__(self, cap: int = MOST_KEPT) -> None:
        """Keep at most `cap` hashes."""
        self.cap = cap
        self.level = 0
        self.kept: Counter[int] = Counter()

    def add(self, values: Iterable[bytes]) -> None:
        hashes: Iterable[int] = map(hash, values)
        if self.level:
            mask = (1 << self.level) - 1
            hashes = [each for each in hashes if not each & mask]
        self.kept.update(hashes)
        self._thin()

    def take_back(self, value: bytes) -> None:
        """One value less, when it was kept: it is the same thing passing by a second time."""
        each = hash(value)
        if self.kept.get(each, 0) > 1:
            self.kept[each] -= 1

    def merge(self, other: Distinct) -> None:
        """Add what another one counted, in the same run of the interpreter or a fork of it."""
        self.level = max(self.level, other.level)
        self.kept.update(other.kept)
        self._sift()
        self._thin()

    def _thin(self) -> None:
        while len(self.kept) > self.cap:
            self.level += 1
            self._sift()

    def _sift(self) -> None:
        mask = (1 << self.level) - 1
        if mask:
            self.kept = Counter({each: count for each, count in self.kept.items() if not each & mask})

    @property
    def is_exact(self) -> bool:
        return self.level == 0

    @property
    def different(self) -> int:
        return len(self.kept) << self.level

    @property
    def repeated(self) -> int:
        """How many different values came more than once."""
        return sum(count > 1 for count in self.kept.values()) << self.level

    @property
    def surplus(self) -> int:
        """How many times a value came that had come before."""
        return sum(count - 1 for count in self.kept.values() if count > 1) << self.level
