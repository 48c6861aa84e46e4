"""Where the parts of the lines of one shape stand: hour, source, queue id, and what follows it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from discovery.maillog.envelopes import SHAPES
from discovery.maillog.octets import WORD, Choice, Octets, Places, begin_with

if TYPE_CHECKING:
    from discovery.maillog.sources import SourceMemory, Sources

LONGEST_ID = 20
SHORTEST_ID = 6
LONGEST_PROCESS = 2  # words
COLONS, MINUTES = np.uint64(0xFF0000FF), np.uint64((ord(":") << 24) + ord(":"))
SPACE = np.uint64(0xFF00)
NO_IDS = (b"NOQUEUE:", b"warning:")


@dataclass(frozen=True, slots=True)
class Shape:
    """How the lines of a log begin. `stamp` is the length of the stamp, which has the offset at its end."""

    number: int
    offset: bytes
    stamp: int

    @property
    def hour(self) -> int:
        """The length of the hour with its date."""
        return (9, 13, 14)[self.number]

    def is_hour(self, text: bytes) -> bool:
        return re.fullmatch(SHAPES[self.number][1], text) is not None


@dataclass(slots=True)
class Heads:
    """The lines of one shape with a program and its process: columns with a row a line, `lines` are their numbers.

    `about` is where the text of a line begins. Where it begins with a queue id, `has_id` holds and `said` is where
    what follows the id begins.
    """

    sources: Sources  # all that are remembered
    lines: Places
    hours: Places  # numbers of stretches of lines of one hour
    source: Places  # its number
    about: Places
    id_ends: Places
    has_id: Choice
    said: Places
    ends: Places

    def chosen(self, choice: Choice | Places) -> Heads:
        return Heads(self.sources, *(getattr(self, name)[choice] for name in self.__slots__[1:]))


def read_heads(octets: Octets, shape: Shape, known: SourceMemory) -> tuple[Heads, list[bytes]]:
    """The heads, and the hour of each stretch."""
    lines, stretches, hours = _in_hours(octets, _stamped(octets, shape), shape)
    tags, ends = octets.begins[lines] + shape.stamp + 1, octets.ends[lines]
    source, opener = known.recognise(octets, tags, ends)
    colon = octets.first(b":", opener + 1, LONGEST_PROCESS)
    fits = (source >= 0) & (colon < ends)
    fits &= (octets.signs[colon - 1] == ord("]")) & (octets.signs[colon + 1] == ord(" "))
    if not fits.all():
        lines, stretches, ends, source, colon = (each[fits] for each in (lines, stretches, ends, source, colon))
    about = colon + 2
    second = octets.first(b":", about, LONGEST_ID // WORD + 1)
    has_id = _is_id(octets, about, second, ends)
    return Heads(known.sources(), lines, stretches, source, about, second, has_id, second + 2, ends), hours


def _stamped(octets: Octets, shape: Shape) -> Places:
    """The lines that begin with a stamp of this shape; what stands in its hour is looked at later."""
    begins = octets.begins
    fits = octets.ends - begins > shape.stamp + WORD
    if not fits.all():
        begins = np.where(fits, begins, octets.begins[0])
    fits &= (octets.words[begins + shape.hour] & COLONS) == MINUTES
    last = octets.words[begins + shape.stamp - 1]
    fits &= (last & SPACE) == np.uint64(ord(" ") << 8)
    if shape.offset:
        fits &= octets.has(begins + shape.stamp - len(shape.offset), shape.offset)
    else:
        last &= np.uint64(0xFF)
        fits &= (last >= np.uint64(ord("0"))) & (last <= np.uint64(ord("9")))
    return np.flatnonzero(fits)


def _in_hours(octets: Octets, lines: Places, shape: Shape) -> tuple[Places, Places, list[bytes]]:
    """The lines whose hour is one, the number of the stretch of each, and the hour of each stretch."""
    begins = octets.begins[lines]
    first, last = octets.words[begins], octets.words[begins + shape.hour - WORD]
    turns = np.flatnonzero((first[1:] != first[:-1]) | (last[1:] != last[:-1])) + 1
    starts = begins[np.concatenate(([0], turns))] if len(lines) else begins
    hours = octets.cut(starts, starts + shape.hour)
    stretches = np.zeros(len(lines), np.intp)
    stretches[turns] = 1
    stretches = np.cumsum(stretches)
    known = np.array([shape.is_hour(hour) for hour in hours], bool)
    fits = known[stretches] if len(lines) else np.zeros(0, bool)
    return lines[fits], stretches[fits], hours


def _is_id(octets: Octets, begins: Places, ends: Places, line_ends: Places) -> Choice:
    """A word of the length of an id, with a colon behind it; only what follows it tells it from any other word."""
    lengths = ends - begins
    fits = (lengths >= SHORTEST_ID) & (lengths <= LONGEST_ID) & (ends < line_ends)
    fits &= octets.signs[ends + 1] == ord(" ")
    words = octets.words[begins]
    for word in NO_IDS:
        fits &= ~begin_with(words, word)
    return fits
