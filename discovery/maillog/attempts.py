"""Lines about attempts to deliver, all of a block at once: what they say."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from discovery.maillog.alike import alike, counted, numbered
from discovery.maillog.columns import SECONDS
from discovery.maillog.envelopes import program_of
from discovery.maillog.octets import FACTOR, ONES, Choice, Marks, Memory, Octets, Places, begin_with, zero_bytes
from discovery.maillog.outcomes import NAMES, NO_ATTEMPT, NUMBERS, SENT
from discovery.maillog.providers import INSIDE, NEAR, REMOTE_PROGRAMS, names, numbers, provider_of
from discovery.maillog.walk import walked

if TYPE_CHECKING:
    from discovery.maillog.columns import Closer
    from discovery.maillog.heads import Heads
    from discovery.maillog.walk import Slices

COLONS = ONES * np.uint64(ord(":"))
LATEST_COLON = 5  # an address of IPv6 has its first one before


@dataclass(slots=True)
class Attempts:
    """What the attempts of a text say, in columns; `fits` are the lines that have a row."""

    fits: Choice
    recipients: Marks
    domains: Counter[bytes]
    providers: Places
    outcomes: Places
    closer: list[Closer]
    connections: int
    seconds: dict[str, Counter[int]]


@dataclass(slots=True)
class AttemptReader:
    """Reads attempts, and remembers what their parts stand for."""

    domains: Memory = field(default_factory=Memory)
    providers: Memory = field(default_factory=Memory)

    def read(self, octets: Octets, heads: Heads) -> Attempts:
        """What each head says begins with `to=<`."""
        walk, is_reused = walked(octets, heads.said, heads.ends)
        fits = walk.fits
        found = walk.found
        if not fits.all():
            found = {name: (begin[fits], end[fits]) for name, (begin, end) in found.items()}
            heads = heads.chosen(fits)
        marks = octets.marks(*found["domain"])
        is_named = found["host"][1] < found["relay"][1]
        providers, outcomes = self._providers(octets, found, heads, marks), walk.outcomes[fits]
        return Attempts(
            fits,
            octets.marks(*found["to"]),
            self._domains(octets, found["domain"], marks),
            providers,
            outcomes,
            _looked_at(octets, found, heads, providers, outcomes),
            int((is_named & ~is_reused[fits] & (outcomes != NUMBERS[NO_ATTEMPT])).sum()),
            counted({name: octets.short(*found[name]) for name in SECONDS}),
        )

    def _domains(self, octets: Octets, slices: Slices, marks: Marks) -> Counter[bytes]:
        rows, counts = alike(marks)
        texts = self.domains.recall(marks[rows], lambda row: _slice(octets, slices, int(rows[row])))
        return Counter(dict(zip(texts, counts, strict=True)))

    def _providers(self, octets: Octets, found: dict[str, Slices], heads: Heads, domains: Marks) -> Places:
        """By relay and domain; the address only counts where it may be one in the house."""

        def make(kind: int) -> int:
            row = int(rows[kind])
            relay, domain = _slice(octets, found["relay"], row), _slice(octets, found["domain"], row)
            return numbers()[provider_of(relay, domain, program_of(heads.sources.texts[heads.source[row]]))]

        is_remote = np.array([program_of(text) in REMOTE_PROGRAMS for text in heads.sources.texts], np.uint64)
        host, (begin, end) = found["host"][1], found["relay"]
        is_far = (host < end) & _is_far(octets, host + 1)
        marks = octets.marks(begin, np.where(is_far, host, end))
        marks = (marks * np.uint64(FACTOR) + domains) * np.uint64(FACTOR)
        marks += is_remote[heads.source] + np.uint64(2) * is_far
        rows, kinds = numbered(marks)
        return np.array(self.providers.recall(marks[rows], make), np.intp)[kinds]


def _is_far(octets: Octets, begins: Places) -> Choice:
    """Whether an IPv4 address begins there, and not as those in the house do."""
    words = octets.words[begins]
    first = words & np.uint64(0xFF)
    is_far: Choice = (first >= np.uint64(ord("0"))) & (first <= np.uint64(ord("9")))
    is_far &= zero_bytes(words ^ COLONS) >= LATEST_COLON
    for near in NEAR:
        is_far &= ~begin_with(words, near.encode())
    return is_far


def _looked_at(
    octets: Octets, found: dict[str, Slices], heads: Heads, providers: Places, outcomes: Places
) -> list[Closer]:
    """What was not sent, and what went to another system of the house."""
    asked = (outcomes != NUMBERS[SENT]) | (providers == numbers()[INSIDE])
    rows = np.flatnonzero(asked & (outcomes != NUMBERS[NO_ATTEMPT]))
    sources = heads.sources.marks[heads.source[rows]].tolist()
    whose = [names()[number] for number in providers[rows].tolist()]
    became = [NAMES[number] for number in outcomes[rows].tolist()]
    delays, codes, reasons = (
        octets.cut(begins[rows], ends[rows]) for begins, ends in (found[name] for name in ("delay", "dsn", "reason"))
    )
    return list(zip(sources, whose, became, delays, codes, reasons, strict=True))


def _slice(octets: Octets, slices: Slices, row: int) -> bytes:
    begins, ends = slices
    return octets.text[begins[row] : ends[row]]
