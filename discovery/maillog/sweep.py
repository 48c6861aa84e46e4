"""The common lines of one shape, all of a block at once; the answer are the lines it does not know."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from discovery.maillog.alike import numbered
from discovery.maillog.attempts import AttemptReader
from discovery.maillog.envelopes import source_of
from discovery.maillog.heads import read_heads
from discovery.maillog.kinds import CLIENT, FROM, MESSAGE_ID, kinds
from discovery.maillog.octets import Memory, Octets
from discovery.maillog.sources import SourceMemory
from discovery.maillog.walk import Signs

if TYPE_CHECKING:
    from discovery.maillog.columns import Block
    from discovery.maillog.heads import Heads, Shape
    from discovery.maillog.octets import Choice, Marks, Places
    from discovery.maillog.stamps import Turns

TLS = re.compile(
    rb"^(?:Trusted|Untrusted|Anonymous|Verified) TLS connection established (to|from) [^ \n]++ (TLSv[\d.]++)[^\n]*+$",
    re.MULTILINE,
)
SIZE, COUNT = b">, size=", b", nrcpt="
FOLLOWED = ("attempts", "removed", "queued", "ids")  # from line to line, by their queue ids
ABOUT_MESSAGES = (*FOLLOWED, "clients")


@dataclass(slots=True)
class Memories:
    """What slices of lines stood for, while a part of a log is read."""

    sources: SourceMemory = field(default_factory=SourceMemory)
    senders: Memory = field(default_factory=Memory)
    clients: Memory = field(default_factory=Memory)
    attempts: AttemptReader = field(default_factory=AttemptReader)
    scratch: Choice = field(default_factory=lambda: np.empty(0, bool))


def sweep(octets: Octets, shape: Shape, block: Block, turns: Turns, memories: Memories) -> bytes:
    """Put the common lines of one shape into the block; the answer are the other lines."""
    heads, hours = read_heads(octets, shape, memories.sources)
    is_other = np.ones(len(octets.begins), bool)
    foreign = np.array([source_of(text) is None for text in heads.sources.texts], bool)[heads.source]
    is_other[heads.lines[foreign]] = False
    block.unrelated += int(foreign.sum())
    is_ours = ~foreign & (octets.signs[heads.ends - 1] != ord("\r"))  # CR LF is for the grammar
    if not is_ours.all():
        heads = heads.chosen(is_ours)
    swept = _Sweep(octets, heads, memories)
    unknown = np.ones(len(heads.lines), bool)
    for rows in swept.rows.values():
        unknown[rows] = False
    others = np.flatnonzero(unknown)
    is_other[heads.lines] = False
    is_other[heads.lines[others]] = True
    stretches = _lines_of(heads.hours, others, len(hours))
    swept.hours = _count_hours(stretches, hours, shape.offset, block, turns)
    swept.count(block, _lines_of(heads.source, others, len(heads.sources.texts)))
    return octets.lines(np.flatnonzero(is_other))


def _lines_of(numbers: Places, others: Places, kinds: int) -> list[int]:
    """How many known lines have each number; nearly all are known."""
    known = np.bincount(numbers, minlength=kinds) - np.bincount(numbers[others], minlength=kinds)
    counts: list[int] = known.tolist()
    return counts


def _count_hours(stretches: list[int], hours: list[bytes], offset: bytes, block: Block, turns: Turns) -> Places:
    """Count the lines of each hour; the answer are the numbers of the stretches in the block."""
    numbers = np.zeros(len(hours), np.intp)
    for stretch, lines in enumerate(stretches):
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
        self.senders: dict[int, bytes] = {}
        self.ids: dict[str, Marks] = {}  # of the queue
        self.rows = kinds(octets, heads)
        self.queued = self._read_queued()
        rows = self.rows["attempts"]
        self.attempts = memories.attempts.read(octets, heads.chosen(rows))
        self.rows["attempts"] = rows[self.attempts.fits]
        secured = self.rows["secured"]
        self.secured = TLS.findall(b"".join(octets.cut(heads.about[secured], heads.ends[secured] + 1)))
        if len(self.secured) < len(secured):
            self.rows["secured"], self.secured = secured[:0], []

    def _read_queued(self) -> list[Marks]:
        """Domains of senders, and sizes."""
        octets, rows = self.octets, self.rows["queued"]
        signs = Signs(octets)
        begins, ends = self.heads.said[rows] + len(FROM), self.heads.ends[rows]
        last = np.searchsorted(signs.commas, ends) - 1
        count, size = signs.commas[last], signs.commas[np.maximum(last - 1, 0)]
        domains, fits = signs.domains(begins, size)
        sizes, is_number = octets.whole_numbers(size + len(SIZE) - 1, count)
        fits &= is_number & (size > begins) & octets.has(size - 1, SIZE) & octets.has(count, COUNT)
        self.rows["queued"] = rows[fits]
        marks, texts = self._texts(domains[fits], size[fits] - 1, self.memories.senders)
        self.senders = {each: text.lower() for each, text in texts.items()}
        return [marks, sizes[fits]]

    def _texts(self, begins: Places, ends: Places, memory: Memory) -> tuple[Marks, dict[int, bytes]]:
        """Marks of slices of which few are different, and what they stand for."""
        marks = self.octets.marks(begins, ends)
        rows, _ = numbered(marks)
        texts = memory.recall(marks[rows], lambda row: self.octets.text[begins[rows[row]] : ends[rows[row]]])
        return marks, dict(zip(marks[rows].tolist(), texts, strict=True))

    def count(self, block: Block, lines: list[int]) -> None:
        """Put all into the block; `lines` are those of each source."""
        rows, sources = self.rows, self.heads.sources
        for source, count in zip(sources.marks.tolist(), lines, strict=True):
            if count:
                block.sources[source] += count
        block.names.update(zip(sources.marks.tolist(), sources.texts, strict=True))
        block.tls.update(self.secured)
        block.understood += sum(len(rows[name]) for name in ABOUT_MESSAGES)
        block.unrelated += len(rows["connections"]) + len(rows["secured"])
        block.connections += self.attempts.connections
        block.domains.update(self.attempts.domains)
        block.closer += self.attempts.closer
        for name, seconds in self.attempts.seconds.items():
            block.seconds[name].update(seconds)
        self._mark_ids()
        block.removed.extend([self.ids["removed"]])
        block.queued.extend([*self._head("queued"), *self.queued])
        attempts = self.attempts
        block.attempts.extend([*self._head("attempts"), attempts.recipients, attempts.providers, attempts.outcomes])
        block.ids.extend([*self._head("ids"), self.octets.marks(*self._behind("ids", b"".join(MESSAGE_ID)))])
        clients, logins = self._texts(*self._behind("clients", CLIENT), self.memories.clients)
        block.clients.extend([*self._when_and_who("clients"), clients])
        block.logins.update(logins)
        block.senders.update(self.senders)

    def _head(self, kind: str) -> list[Places | Marks]:
        return [*self._when_and_who(kind), self.ids[kind]]

    def _when_and_who(self, kind: str) -> list[Places | Marks]:
        rows = self.rows[kind]
        return [self.hours[self.heads.hours[rows]], self.heads.sources.marks[self.heads.source[rows]]]

    def _mark_ids(self) -> None:
        """Queue ids of all kinds of lines at once: a step costs about the same for few as for many."""
        rows = np.concatenate([self.rows[kind] for kind in FOLLOWED])
        marks = self.octets.marks(self.heads.about[rows], self.heads.id_ends[rows])
        ends = np.cumsum([len(self.rows[kind]) for kind in FOLLOWED])
        self.ids = dict(zip(FOLLOWED, np.split(marks, ends[:-1]), strict=True))

    def _behind(self, kind: str, name: bytes) -> tuple[Places, Places]:
        """Where stands what comes after the name of the only part of a line."""
        rows = self.rows[kind]
        return self.heads.said[rows] + len(name), self.heads.ends[rows]
