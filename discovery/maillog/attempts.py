"""Lines about attempts to deliver, all of a block at once: where their parts stand, and what they say."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from discovery.maillog.columns import PARTS, SECONDS
from discovery.maillog.envelopes import program_of
from discovery.maillog.octets import FACTOR, WORD, Choice, Marks, Memory, Octets, Places, following
from discovery.maillog.outcomes import FORWARDED, NO_ATTEMPT, outcome_of
from discovery.maillog.providers import INSIDE, provider_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

Slices = tuple[Places, Places]  # where they begin and end


class Signs:
    """Where the signs stand that part the lines of a text."""

    def __init__(self, octets: Octets) -> None:
        """Looks through the text once for each sign."""
        self.octets = octets
        self.ats = octets.places(b"@")
        self.commas = octets.places(b",")
        self.closers = octets.places(b">")

    def domains(self, begins: Places, ends: Places) -> tuple[Places, Choice]:
        """Where the domains of addresses begin, and which addresses have no second at sign."""
        last = np.searchsorted(self.ats, ends) - 1
        at, before = self.ats[np.maximum(last, 0)], self.ats[np.maximum(last - 1, 0)]
        has_one = (last >= 0) & (at >= begins)
        return np.where(has_one, at + 1, begins), ~(has_one & (last > 0) & (before >= begins))


class Walk:
    """Goes through the parts of all attempts side by side. `fits` says which are as Postfix writes them so far."""

    def __init__(self, octets: Octets) -> None:
        """At `to=<`, with which every line of the text begins."""
        self.signs, self.octets = Signs(octets), octets
        self.place = octets.begins + 4
        self.fits = octets.ends > self.place
        self.found: dict[str, Slices] = {}

    def take_recipient(self) -> None:
        closers = self.signs.closers
        closer = closers[following(closers, self.place)]
        domain, is_plain = self.signs.domains(self.place, closer)
        self.fits &= is_plain & self.octets.has(closer, b">, ")
        self.found["to"], self.found["domain"] = (self.place, closer), (domain, closer)
        self.place = closer + 3

    def skip(self, name: bytes, end: bytes) -> Choice:
        """Pass by a part that is seldom there; the answer is where it is."""
        is_there = self.octets.has(self.place, name)
        if is_there.any():
            ends = self.signs.closers if end == b">, " else self.signs.commas
            found = ends[following(ends, self.place[is_there])]
            self.fits[is_there] &= self.octets.has(found, end)
            self.place = self.place.copy()
            self.place[is_there] = found + len(end)
        return is_there

    def take(self, name: str) -> None:
        """A part that has to be there, up to its comma."""
        written = f"{name}=".encode()
        self.fits &= self.octets.has(self.place, written)
        begin = self.place + len(written)
        comma = self.signs.commas[following(self.signs.commas, begin)]
        self.found[name] = begin, comma
        self.place = comma + 2

    def take_end(self) -> None:
        self.fits &= self.octets.has(self.place, b"status=")
        openers = self.octets.places(b"(")
        begin = self.place + 7
        opener = openers[following(openers, begin)]
        self.fits &= (opener < self.octets.ends) & (self.octets.signs[opener - 1] == ord(" "))
        self.found["status"], self.found["reason"] = (begin, opener - 1), (opener, self.octets.ends)

    def split_delays(self) -> None:
        begin, end = self.found.pop("delays")
        slashes = self.octets.places(b"/")
        number, last = following(slashes, begin), len(slashes) - 1
        cuts = [begin - 1, *(slashes[np.minimum(number + more, last)] for more in range(3)), end]
        for name, left, right in zip(PARTS, cuts[:-1], cuts[1:], strict=True):
            self.found[name] = left + 1, right
        self.fits &= slashes[np.minimum(number + 3, last)] >= end
        for name in SECONDS:
            length = self.found[name][1] - self.found[name][0]
            self.fits &= (length > 0) & (length <= WORD)


@dataclass(slots=True)
class Attempts:
    """What the attempts of a text say, in columns; `fits` are the lines that have a row.

    The last three columns are empty for what was sent outside: nothing is asked about it.
    """

    fits: Choice
    recipients: list[int]
    domains: Counter[bytes]
    providers: list[str]
    outcomes: list[str]
    delays: list[bytes]
    codes: list[bytes]
    reasons: list[bytes]
    connections: int
    seconds: dict[str, Counter[int]]

    def columns(self) -> list[Sequence[Any]]:
        return [self.recipients, self.providers, self.outcomes, self.delays, self.codes, self.reasons]


@dataclass(slots=True)
class AttemptReader:
    """Reads attempts, and remembers what their parts stand for."""

    domains: Memory = field(default_factory=Memory)
    providers: Memory = field(default_factory=Memory)

    def read(self, octets: Octets, sources: Marks, names: Memory) -> Attempts:
        """Each line of the text begins with `to=<`; `sources` are those of the lines, and `names` knows them."""
        walk, is_reused = _walked(octets)
        fits = walk.fits
        found = {name: (begin[fits], end[fits]) for name, (begin, end) in walk.found.items()}
        marks = octets.marks(*found["domain"])
        different, first, counts = np.unique(marks, return_index=True, return_counts=True)
        domains = self.domains.recall(different, lambda row: _slice(octets, found["domain"], int(first[row])))
        providers = self._providers(octets, found, marks, sources[fits], names)
        is_sent = octets.has(found["status"][0], b"sent ")
        outcomes = _outcomes(octets, found, is_sent)
        asked = np.ones(len(providers), bool) if INSIDE in providers else ~is_sent
        delays, codes, reasons = (octets.cut_some(*found[name], asked) for name in ("delay", "dsn", "reason"))
        return Attempts(
            fits,
            octets.numbers(*found["to"]),
            Counter(dict(zip(domains, counts.tolist(), strict=True))),
            providers,
            outcomes,
            delays,
            codes,
            reasons,
            _connections(octets, found["relay"], outcomes, is_reused[fits]),
            {name: octets.counted(*found[name]) for name in SECONDS},
        )

    def _providers(
        self, octets: Octets, found: dict[str, Slices], domains: Marks, sources: Marks, names: Memory
    ) -> list[str]:
        def make(row: int) -> str:
            relay, domain = _slice(octets, found["relay"], row), _slice(octets, found["domain"], row)
            return provider_of(relay, domain, program_of(names.known[int(sources[row])]))

        factor = np.uint64(FACTOR)
        return self.providers.recall((octets.marks(*found["relay"]) * factor + domains) * factor + sources, make)


def _outcomes(octets: Octets, found: dict[str, Slices], is_sent: Choice) -> list[str]:
    """Nearly all are sent; the others are looked at."""
    outcomes = ["sent"] * len(is_sent)
    for row in np.flatnonzero(~is_sent | octets.has(found["reason"][0], FORWARDED[:WORD])).tolist():
        outcomes[row] = outcome_of(_slice(octets, found["status"], row), _slice(octets, found["reason"], row))
    return outcomes


def _walked(octets: Octets) -> tuple[Walk, Choice]:
    """Past all parts; and which attempts used a connection again."""
    walk = Walk(octets)
    walk.take_recipient()
    walk.skip(b"orig_to=", b">, ")
    walk.take("relay")
    is_reused = walk.skip(b"conn_use", b", ")
    walk.take("delay")
    walk.take("delays")
    walk.skip(b"tls=", b", ")
    walk.take("dsn")
    walk.take_end()
    walk.split_delays()
    return walk, is_reused


def _slice(octets: Octets, slices: Slices, row: int) -> bytes:
    begins, ends = slices
    return octets.text[begins[row] : ends[row]]


def _connections(octets: Octets, relay: Slices, outcomes: list[str], is_reused: Choice) -> int:
    """How many attempts opened a connection: another system is named, and its connection was not used before."""
    openers = octets.places(b"[")
    opened = (openers[following(openers, relay[0])] < relay[1]) & ~is_reused
    if NO_ATTEMPT in outcomes:
        opened &= np.array(list(map(bool, outcomes)))
    return int(opened.sum())
