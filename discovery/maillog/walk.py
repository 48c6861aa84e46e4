"""Goes through the parts of what lines about attempts say, all of a block side by side: where they stand."""

from __future__ import annotations

import numpy as np

from discovery.maillog.columns import PARTS
from discovery.maillog.octets import WORD, Choice, Octets, Places, begin_with, following
from discovery.maillog.outcomes import BOUNCED, DEFERRED, FORWARDED, NAMES, NUMBERS, SENT, outcome_of

LONGEST_HOST = 7  # words
LONGEST_STATUS = 3

Slices = tuple[Places, Places]  # where they begin and end


class Signs:
    """Where the signs stand that part the lines of a text."""

    def __init__(self, octets: Octets) -> None:
        """Looks through the text once for each sign."""
        self.octets = octets
        self.ats = octets.places(b"@")
        self.commas = octets.places(b",")

    def domains(self, begins: Places, ends: Places) -> tuple[Places, Choice]:
        """Where the domains of addresses begin, and which addresses have no second at sign."""
        last = np.searchsorted(self.ats, ends) - 1
        at, before = self.ats[np.maximum(last, 0)], self.ats[np.maximum(last - 1, 0)]
        has_one = (last >= 0) & (at >= begins)
        return np.where(has_one, at + 1, begins), ~(has_one & (last > 0) & (before >= begins))


class Walk:
    """Goes through the parts of all attempts side by side. `fits` says which are as Postfix writes them so far."""

    def __init__(self, octets: Octets, begins: Places, ends: Places) -> None:
        """At `to=<`, with which what every line says begins."""
        self.signs, self.octets = Signs(octets), octets
        self.place, self.ends = begins + 4, ends
        self.number = following(self.signs.commas, self.place)
        self.fits = ends > self.place
        self.found: dict[str, Slices] = {}
        self.outcomes = np.zeros(len(begins), np.intp)

    def take_recipient(self) -> None:
        closer = self._comma() - 1
        domain, is_plain = self.signs.domains(self.place, closer)
        self.fits &= is_plain & self.octets.has(closer, b">, ")
        self.found["to"], self.found["domain"] = (self.place, closer), (domain, closer)
        self.place = closer + 3

    def _comma(self) -> Places:
        """The next one: no part that fits has one inside."""
        comma = self.signs.commas[np.minimum(self.number, len(self.signs.commas) - 1)]
        self.number = self.number + 1
        return comma

    def skip(self, name: bytes) -> Choice:
        """Pass by a part that is seldom there; the answer is where it is."""
        is_there = self.octets.has(self.place, name)
        if is_there.any():
            comma = self._comma()
            self.number -= ~is_there
            self.place = np.where(is_there, comma + 2, self.place)
        return is_there

    def take(self, name: str) -> None:
        """A part that has to be there, up to its comma."""
        written = f"{name}=".encode()
        self.fits &= self.octets.has(self.place, written)
        begin, comma = self.place + len(written), self._comma()
        self.found[name] = begin, comma
        self.place = comma + 2

    def take_end(self) -> None:
        """What became of it, and what was said."""
        self.fits &= self.octets.has(self.place, b"status=")
        begin = self.place + 7
        words, behind = self.octets.words[begin], self.octets.words[begin + WORD]
        opener = np.zeros(len(begin), np.intp)
        for word, outcome in ((b"sent (", SENT), (b"bounced (", BOUNCED), (b"deferred (", DEFERRED)):
            is_it = begin_with(words, word[:WORD])
            if word[WORD:]:
                is_it &= begin_with(behind, word[WORD:])
            self.outcomes[is_it] = NUMBERS[outcome]
            opener[is_it] = len(word) - 1
        is_rare = opener == 0
        opener += begin
        self._take_rare(np.flatnonzero(is_rare & self.fits), opener)
        self.fits &= opener < self.ends
        for row in np.flatnonzero(self.octets.has(opener, FORWARDED[:WORD])).tolist():
            self.outcomes[row] = NUMBERS[
                outcome_of(NAMES[self.outcomes[row]].encode(), self.octets.text[opener[row] : self.ends[row]])
            ]
        self.found["reason"] = opener, self.ends

    def _take_rare(self, rows: Places, opener: Places) -> None:
        begin = opener[rows]
        opener[rows] = self.octets.first(b"(", begin, LONGEST_STATUS)
        self.fits[rows] &= self.octets.has(opener[rows] - 1, b" (")
        for row, status in zip(rows.tolist(), self.octets.cut(begin, opener[rows] - 1), strict=True):
            self.outcomes[row] = NUMBERS[outcome_of(status, b"")]

    def find_address(self) -> None:
        """Where the address of the other system begins in the relay; the end of the relay where none is named."""
        begin, end = self.found["relay"]
        opener = self.octets.first(b"[", begin, LONGEST_HOST)
        self.fits &= (self.octets.signs[opener] == ord("[")) | (opener >= end)
        self.found["host"] = begin, np.minimum(opener, end)

    def split_delays(self) -> None:
        """Each of the four parts has one to seven signs."""
        begin, end = self.found.pop("delays")
        for name in PARTS:
            slash = self.octets.first(b"/", begin, 1)
            cut = np.minimum(slash, end) if name == PARTS[-1] else slash
            self.fits &= (cut > begin) & (cut < begin + WORD) & (cut <= end)
            self.found[name] = begin, cut
            begin = cut + 1
        begin, comma = self.found["delay"]
        self.fits &= (cut == end) & (comma > begin) & (comma <= begin + WORD)


def walked(octets: Octets, begins: Places, ends: Places) -> tuple[Walk, Choice]:
    """Past all parts; and which attempts used a connection again."""
    walk = Walk(octets, begins, ends)
    walk.take_recipient()
    walk.skip(b"orig_to=")
    walk.take("relay")
    walk.find_address()
    is_reused = walk.skip(b"conn_use")
    walk.take("delay")
    walk.take("delays")
    walk.skip(b"tls=")
    walk.take("dsn")
    walk.take_end()
    walk.split_delays()
    return walk, is_reused
