"""A block of lines as arrays: where signs stand, the eight bytes at a place, and marks, for all lines at once.

A mark is a number of 64 bits that stands for a slice of text: equal slices have equal marks, and comparing and hashing
numbers is much cheaper than cutting out bytes. Two different texts share a mark once in 10^19; nothing is secret in it.
"""

from __future__ import annotations

from itertools import compress, repeat
from operator import is_
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable

Places = npt.NDArray[np.intp]
Marks = npt.NDArray[np.uint64]
Choice = npt.NDArray[np.bool_]

MARGIN = 64  # bytes before and behind the text, so that no look at a neighbour leaves the array
WORD = 8
FACTOR = 0x9E3779B97F4A7C15  # odd, without a pattern: the golden ratio of 2^64
WHOLE = 2**64 - 1
MOST_REMEMBERED = 200_000

ZEROS = np.uint64(0x3030303030303030)  # the digit 0 eight times
HIGH = np.uint64(0xF0F0F0F0F0F0F0F0)
SIXES = np.uint64(0x0606060606060606)  # added to a digit, they leave its high half as it is
ONES = np.uint64(0x0101010101010101)
TOPS = np.uint64(0x8080808080808080)
PAIRS = np.uint64(0x000000FF000000FF)


def mark(text: bytes) -> int:
    """The mark of one slice, as `Octets.marks` computes it for many."""
    found, power = len(text), FACTOR
    for end in range(len(text), 0, -WORD):
        found = (found + power * int.from_bytes(text[max(0, end - WORD) : end], "little")) & WHOLE
        power = power * FACTOR & WHOLE
    return found


class Octets:
    """A text that ends with a line feed; places count from the margin's beginning."""

    def __init__(self, text: bytes, scratch: Choice | None = None) -> None:
        """Copies the text once. `scratch` is room for a sign of each place: fresh memory costs as much as looking."""
        self.text = b"".join((bytes(MARGIN), text, bytes(MARGIN)))
        self.signs = np.frombuffer(self.text, np.uint8)
        self.words: Marks = np.ndarray((len(self.text) - WORD + 1,), "<u8", self.text, strides=(1,))
        self.found: dict[bytes, Places] = {}
        if scratch is None or len(scratch) < len(self.text):
            scratch = np.empty(len(self.text) * 5 // 4, bool)
        self.scratch = scratch
        self.ends = self.places(b"\n")[:-1]
        self.begins = np.concatenate(([MARGIN], self.ends[:-1] + 1))

    def places(self, sign: bytes) -> Places:
        """Where a sign stands; last comes a place behind the text, so that every search finds something."""
        if sign not in self.found:
            stands = np.flatnonzero(np.equal(self.signs, sign[0], out=self.scratch[: len(self.text)]))
            self.found[sign] = np.concatenate((stands, [len(self.text) - MARGIN]))
        return self.found[sign]

    def has(self, places: Places, text: bytes) -> Choice:
        """Whether up to eight bytes stand there."""
        return begin_with(self.words[places], text)

    def first(self, sign: bytes, begins: Places, words: int) -> Places:
        """Where a sign stands first from each place on; the place behind so many words where it is not in them.

        At most seven: no look leaves the margin. For short ways this costs less than looking through the text.
        """
        pattern = ONES * np.uint64(sign[0])
        passed = zero_bytes(self.words[begins] ^ pattern)
        places = begins + passed
        rows = np.flatnonzero(passed == WORD)
        for _ in range(1, words):
            if not len(rows):
                break
            if 2 * len(rows) > len(places):  # what was found stays: it stands at its place
                passed = zero_bytes(self.words[places] ^ pattern)
                places += passed
                rows = np.flatnonzero(passed == WORD)
            else:
                passed = zero_bytes(self.words[places[rows]] ^ pattern)
                places[rows] += passed
                rows = rows[passed == WORD]
        return places

    def marks(self, begins: Places, ends: Places) -> Marks:
        left = ends - begins
        found = left.astype(np.uint64)
        rows, power = np.zeros(0, np.intp), FACTOR
        while len(left):
            words = self.words[ends - WORD]
            if left.min() < WORD:
                words >>= np.maximum((WORD - left) * 8, 0).astype(np.uint64)  # nothing is left of a word of no sign
            words *= np.uint64(power)
            found[rows if len(rows) else slice(None)] += words
            power, ends, left = power * FACTOR & WHOLE, ends - WORD, left - WORD
            if 2 * np.count_nonzero(left > 0) < len(left):  # a few long slices do not make the others dear
                longer = np.flatnonzero(left > 0)
                rows, ends, left = rows[longer] if len(rows) else longer, ends[longer], left[longer]
        return found

    def whole_numbers(self, begins: Places, ends: Places) -> tuple[Marks, Choice]:
        """The numbers that slices of up to eight digits write, and which slices are such."""
        length = ends - begins
        fits = (length > 0) & (length <= WORD)
        shift = np.where(fits, (WORD - length) * 8, 0).astype(np.uint64)
        words = ((self.words[ends - WORD] >> shift) << shift) | (ZEROS & ~(np.uint64(WHOLE) << shift))
        fits &= ((words & HIGH) == ZEROS) & (((words + SIXES) & HIGH) == ZEROS)
        words -= ZEROS
        words = words * np.uint64(10) + (words >> np.uint64(8))  # pairs of digits, then fours, then all
        ones = (words & PAIRS) * np.uint64(100 + (1_000_000 << 32))
        tens = ((words >> np.uint64(16)) & PAIRS) * np.uint64(1 + (10_000 << 32))
        return (ones + tens) >> np.uint64(32), fits

    def cut(self, begins: Places, ends: Places) -> list[bytes]:
        text = self.text
        return [text[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]

    def short(self, begins: Places, ends: Places) -> Marks:
        """Slices of one to eight bytes as numbers (little end first)."""
        return self.words[ends - WORD] >> ((WORD - ends + begins) * 8).astype(np.uint64)

    def lines(self, rows: Places) -> bytes:
        return b"".join(self.cut(self.begins[rows], self.ends[rows] + 1))


class Memory:
    """What was made of a slice once is remembered by its mark, up to a bound."""

    def __init__(self) -> None:
        """Nothing seen yet."""
        self.known: dict[int, Any] = {}

    def recall(self, marks: Marks, make: Callable[[int], Any]) -> list[Any]:
        """The value of each row; `make` gets the number of a row whose mark is new. None is no value."""
        asked: list[int] = marks.tolist()
        found = list(map(self.known.get, asked))
        if None in found:
            self._forget()
            for row in list(compress(range(len(found)), map(is_, found, repeat(None)))):
                known = self.known.get(asked[row])
                found[row] = self.known[asked[row]] = make(row) if known is None else known
        return found

    def _forget(self) -> None:
        if len(self.known) > MOST_REMEMBERED:
            self.known.clear()


def zero_bytes(words: Marks) -> npt.NDArray[np.uint8]:
    """The number of the first byte of each word that is zero; 8 when none is."""
    flags = (words - ONES) & ~words & TOPS  # above the first one there may be wrong ones
    return np.bitwise_count((flags - np.uint64(1)) & ~flags) >> np.uint8(3)


def begin_with(words: Marks, text: bytes) -> Choice:
    """Whether words begin with up to eight bytes."""
    beyond = np.uint64(8 * (WORD - len(text)))
    wanted = np.uint64(int.from_bytes(text, "little"))
    found: Choice = (words << beyond) == (wanted << beyond)
    return found


def following(places: Places, begins: Places) -> Places:
    """The number of the first of `places` that is not before each of `begins`, within bounds."""
    return np.minimum(np.searchsorted(places, begins), len(places) - 1)
