"""The common lines of one shape, all of a block at once; the answer are the lines it does not know."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from discovery.maillog.attempts import AttemptReader, Signs
from discovery.maillog.columns import extend
from discovery.maillog.envelopes import source_of
from discovery.maillog.heads import read_heads
from discovery.maillog.kinds import CLIENT, FROM, kinds
from discovery.maillog.octets import Memory, Octets

if TYPE_CHECKING:
    from discovery.maillog.columns import Block, Columns
    from discovery.maillog.heads import Heads, Shape
    from discovery.maillog.octets import Marks, Places
    from discovery.maillog.stamps import Turns

TLS = re.compile(
    rb"^(?:Trusted|Untrusted|Anonymous|Verified) TLS connection established (to|from) [^ \n]++ (TLSv[\d.]++)[^\n]*+$",
    re.MULTILINE,
)
SIZE, COUNT = b">, size=", b", nrcpt="
ABOUT_MESSAGES = ("attempts", "removed", "queued", "ids", "clients")


@dataclass(slots=True)
class Memories:
    """What slices of lines stood for, while a part of a log is read."""

    sources: Memory = field(default_factory=Memory)
    senders: Memory = field(default_factory=Memory)
    attempts: AttemptReader = field(default_factory=AttemptReader)


def sweep(text: bytes, shape: Shape, block: Block, turns: Turns, memories: Memories) -> bytes:
    """Put the common lines of one shape into the block; the answer are the other lines."""
    octets = Octets(text)
    heads, hours = read_heads(octets, shape, memories.sources)
    is_other = np.ones(len(octets.begins), bool)
    foreign = np.isin(heads.sources, _foreign(heads.sources, memories.sources))
    is_other[heads.lines[foreign]] = False
    block.unrelated += int(foreign.sum())
    heads = heads.chosen(~foreign & (octets.signs[heads.ends - 1] != ord("\r")))  # CR LF is for the grammar
    swept = _Sweep(octets, heads, memories)
    known = np.sort(np.concatenate(list(swept.rows.values())))
    is_other[heads.lines[known]] = False
    swept.hours = _count_hours(heads, known, hours, shape.offset, block, turns)
    swept.count(block, known)
    return octets.lines(np.flatnonzero(is_other))


def _foreign(sources: Marks, names: Memory) -> Marks:
    """The marks of sources that are no programs of Postfix."""
    return np.array([each for each in np.unique(sources).tolist() if source_of(names.known[each]) is None], np.uint64)


def _count_hours(heads: Heads, known: Places, hours: list[bytes], offset: bytes, block: Block, turns: Turns) -> Places:
    """Count the lines of each hour; the answer are the numbers of the stretches in the block."""
    numbers = np.zeros(len(hours), np.intp)
    for stretch, lines in enumerate(np.bincount(heads.hours[known], minlength=len(hours)).tolist()):
        if lines:
            key = turns.key(hours[stretch], offset)
            block.hours[key] += lines
            numbers[stretch] = block.number(key)
    return numbers


class _Sweep:
    """The lines of a block by kind: `rows` are numbers of heads."""

    def __init__(self, octets: Octets, heads: Heads, memories: Memories) -> None:
        """Tell the lines apart, and read those of which some may turn out to be for the grammar."""
        self.octets, self.heads, self.memories = octets, heads, memories
        self.hours: Places = np.zeros(0, np.intp)
        self.rows = kinds(octets, heads)
        self.queued = self._read_queued()
        rows = self.rows["attempts"]
        self.attempts = memories.attempts.read(self._part(rows), heads.sources[rows], memories.sources)
        self.rows["attempts"] = rows[self.attempts.fits]
        self.secured = TLS.findall(self._part(self.rows["secured"], from_id=False).text)
        if len(self.secured) < len(self.rows["secured"]):
            self.rows["secured"], self.secured = self.rows["secured"][:0], []

    def _part(self, rows: Places, *, from_id: bool = True) -> Octets:
        """What some lines say, as a text of its own: looking for signs in it costs less than in all lines."""
        begins = self.heads.said if from_id else self.heads.about
        return Octets(b"".join(self.octets.cut(begins[rows], self.heads.ends[rows] + 1)))

    def _read_queued(self) -> list[list[Any]]:
        """Domains of senders, and sizes."""
        octets = self._part(self.rows["queued"])
        signs = Signs(octets)
        begins = octets.begins + len(FROM)
        last = np.searchsorted(signs.commas, octets.ends) - 1
        count, size = signs.commas[last], signs.commas[np.maximum(last - 1, 0)]
        digits = size + len(SIZE) - 1
        domains, fits = signs.domains(begins, size)
        fits &= (size > begins) & (count > digits) & octets.has(size - 1, SIZE) & octets.has(count, COUNT)
        sizes = octets.cut(digits[fits], count[fits])
        if not b"".join(sizes).isdigit():
            fits[:], sizes = False, []
        self.rows["queued"] = self.rows["queued"][fits]
        domains, ends = domains[fits], size[fits] - 1
        names = self.memories.senders.recall(
            octets.marks(domains, ends), lambda row: octets.text[domains[row] : ends[row]].lower()
        )
        return [names, list(map(int, sizes))]

    def count(self, block: Block, known: Places) -> None:
        rows, names = self.rows, self.memories.sources.known
        marks, counts = np.unique(self.heads.sources[known], return_counts=True)
        for source, lines in zip(marks.tolist(), counts.tolist(), strict=True):
            block.sources[source] += lines
            block.names[source] = names[source]
        block.tls.update(self.secured)
        block.understood += sum(len(rows[name]) for name in ABOUT_MESSAGES)
        block.unrelated += len(rows["connections"]) + len(rows["secured"])
        block.removed += self._ids("removed")
        block.connections += self.attempts.connections
        block.domains.update(self.attempts.domains)
        for name, seconds in self.attempts.seconds.items():
            block.seconds[name].update(seconds)
        extend(block.queued, [*self._head("queued"), *self.queued])
        extend(block.attempts, [*self._head("attempts"), *self.attempts.columns()])
        extend(block.clients, [*self._head("clients"), self._texts("clients", len(CLIENT))])
        extend(block.ids, [*self._head("ids"), self._texts("ids", len(b"message-id="))])

    def _head(self, kind: str) -> Columns:
        rows = self.rows[kind]
        return [self.hours[self.heads.hours[rows]].tolist(), self.heads.sources[rows].tolist(), self._ids(kind)]

    def _ids(self, kind: str) -> list[int]:
        rows = self.rows[kind]
        return self.octets.numbers(self.heads.about[rows], self.heads.id_ends[rows])

    def _texts(self, kind: str, name: int) -> list[bytes]:
        """What stands behind the name of the only part of a line."""
        rows = self.rows[kind]
        return self.octets.cut(self.heads.said[rows] + name, self.heads.ends[rows])
