"""Who wrote each line of a block: a log names few programs, so those that are known are looked for first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from discovery.maillog.alike import numbered
from discovery.maillog.octets import WORD, Choice, Marks, Octets, Places, begin_with

MOST_TRIED = 32  # for each line
MOST_REMEMBERED = 5_000
LONGEST = 7  # words of host and program, for the sweeps


@dataclass(frozen=True, slots=True)
class Sources:
    """Hosts with their programs: as they are written, and their marks."""

    marks: Marks
    texts: list[bytes]


class SourceMemory:
    """The sources of a part of a log."""

    def __init__(self) -> None:
        """None so far."""
        self.numbers: dict[bytes, int] = {}
        self.marks: list[int] = []
        self.tried: list[tuple[int, bytes]] = []

    def sources(self) -> Sources:
        return Sources(np.array(self.marks, np.uint64), list(self.numbers))

    def recognise(self, octets: Octets, tags: Places, ends: Places) -> tuple[Places, Places]:
        """For each line the number of its source, or -1 where none is; and where the process stands behind it."""
        if len(self.marks) > MOST_REMEMBERED:
            self.numbers, self.marks, self.tried = {}, [], []
        source, opener = self._try(octets, tags)
        rows = np.flatnonzero(source < 0)
        if len(rows):
            opener[rows] = octets.first(b"[", tags[rows], LONGEST)
            colon = octets.first(b":", tags[rows], LONGEST)
            fits = (octets.signs[opener[rows]] == ord("[")) & (opener[rows] > tags[rows])
            rows = rows[fits & (opener[rows] < np.minimum(colon, ends[rows]))]
            source[rows] = self._learn(octets, tags[rows], opener[rows])
        self._choose(source)
        return source, opener

    def _try(self, octets: Octets, tags: Places) -> tuple[Places, Places]:
        source = np.full(len(tags), -1, np.intp)
        lengths = np.zeros(len(self.marks) + 1, np.intp)  # of no source it is the last
        longest = max((len(text) for _, text in self.tried), default=0)
        words = [octets.words[tags + place] for place in range(0, longest + 1, WORD)]
        for number, text in self.tried:
            np.copyto(source, number, where=_are(words, text + b"["))
            lengths[number] = len(text)
        return source, tags + lengths[source]

    def _learn(self, octets: Octets, begins: Places, ends: Places) -> Places:
        marks = octets.marks(begins, ends)
        rows, kinds = numbered(marks)
        numbers = []
        for each, text in zip(marks[rows].tolist(), octets.cut(begins[rows], ends[rows]), strict=True):
            if text not in self.numbers:
                self.numbers[text] = len(self.marks)
                self.marks.append(each)
            numbers.append(self.numbers[text])
        return np.array(numbers, np.intp)[kinds]

    def _choose(self, source: Places) -> None:
        """Try those first that wrote most of these lines."""
        counts = np.bincount(source[source >= 0], minlength=len(self.marks))
        texts = list(self.numbers)
        most = np.argsort(-counts)[:MOST_TRIED].tolist()
        self.tried = [(number, texts[number]) for number in most if counts[number]]


def _are(words: list[Marks], text: bytes) -> Choice:
    fits = begin_with(words[0], text[:WORD])
    for place in range(WORD, len(text), WORD):
        fits &= begin_with(words[place // WORD], text[place : place + WORD])
    return fits
