"""A block of lines as arrays: where signs stand, the eight bytes at a place, and marks, for all lines at once.

A mark is a number of 64 bits that stands for a slice of text: equal slices have equal marks, and comparing and hashing
numbers is much cheaper than cutting out bytes. Two different texts share a mark once in 10^19; nothing is secret in it.
"""

from __future__ import annotations

from collections import Counter
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


def mark(text: bytes) -> int:
    """The mark of one slice, as `Octets.marks` computes it for many."""
    found = len(text)
    for end in range(len(text), 0, -WORD):
        found = (found * FACTOR + int.from_bytes(text[max(0, end - WORD) : end], "little")) & WHOLE
    return found


class Octets:
    """A text that ends with a line feed; places count from the margin's beginning."""

    def __init__(self, text: bytes) -> None:
        """Copies the text once."""
        self.text = bytes(MARGIN) + text + bytes(MARGIN)
        self.signs = np.frombuffer(self.text, np.uint8)
        self.words: Marks = np.ndarray((len(self.text) - WORD + 1,), "<u8", self.text, strides=(1,))
        self.ends = self.places(b"\n")[:-1]
        self.begins = np.concatenate(([MARGIN], self.ends[:-1] + 1))

    def places(self, sign: bytes) -> Places:
        """Where a sign stands; last comes a place behind the text, so that every search finds something."""
        return np.append(np.flatnonzero(self.signs == sign[0]), len(self.text) - MARGIN)

    def has(self, places: Places, text: bytes) -> Choice:
        """Whether up to eight bytes stand there."""
        return begin_with(self.words[places], text)

    def numbers(self, begins: Places, ends: Places) -> list[int]:
        """The marks as numbers that can be kept in sets."""
        numbers: list[int] = self.marks(begins, ends).tolist()
        return numbers

    def marks(self, begins: Places, ends: Places) -> Marks:
        lengths = ends - begins
        found = lengths.astype(np.uint64)
        rows: Places | slice = slice(None)
        for done in range(0, int(lengths.max(initial=0)), WORD):
            if done:
                rows = np.flatnonzero(lengths > done)
            left = lengths[rows] - done
            words = self.words[ends[rows] - done - WORD]
            if left.min() < WORD:
                words >>= ((WORD - np.minimum(left, WORD)) * 8).astype(np.uint64)
                words[left <= 0] = 0
            marked = found[rows] * np.uint64(FACTOR) + words
            found[rows] = np.where(left > 0, marked, found[rows]) if not done else marked
        return found

    def cut(self, begins: Places, ends: Places) -> list[bytes]:
        text = self.text
        return [text[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]

    def cut_some(self, begins: Places, ends: Places, asked: Choice) -> list[bytes]:
        """The slices that are asked for, and nothing in the place of the others."""
        rows = np.flatnonzero(asked)
        slices = [b""] * len(begins)
        for row, found in zip(rows.tolist(), self.cut(begins[rows], ends[rows]), strict=True):
            slices[row] = found
        return slices

    def counted(self, begins: Places, ends: Places) -> Counter[int]:
        """How often each slice of one to eight bytes comes, by its bytes as a number (little end first)."""
        shift = ((WORD - ends + begins) * 8).astype(np.uint64)
        different, counts = np.unique(self.words[ends - WORD] >> shift, return_counts=True)
        return Counter(dict(zip(different.tolist(), counts.tolist(), strict=True)))

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


def begin_with(words: Marks, text: bytes) -> Choice:
    wanted = np.uint64(int.from_bytes(text, "little"))
    found: Choice = (words & np.uint64((1 << 8 * len(text)) - 1)) == wanted
    return found


def following(places: Places, begins: Places) -> Places:
    """The number of the first of `places` that is not before each of `begins`, within bounds."""
    return np.minimum(np.searchsorted(places, begins), len(places) - 1)
