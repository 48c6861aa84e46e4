"""What a composer works with: the snapshot and the words of its language."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.wording import hash_groups, number_text
from reports.sheets.blocks import Cell, Column, Heading, Points, Prose, Table
from reports.sheets.phrases import say
from reports.sheets.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from reports.sheets.blocks import Block

LONGEST_CELL, LONGEST_PROSE = 150, 420
SLACK = 24  # what is so little too long stays whole: an annex for one word helps nobody
FIRST_DIGITS = 12


def minus(text: str) -> str:
    """A true minus sign in place of the hyphen before a figure."""
    return re.sub(r"(?<![\w-])-(?=\d)", "\u2212", text)


def short(text: str, longest: int = LONGEST_CELL) -> str:
    return text if len(text) <= longest else f"{text[:longest].rstrip()}…"


def opening_of(digest: str) -> str:
    """Enough of a fingerprint to tell it from the others; the whole stands where the file itself is listed."""
    return grouped(digest[:FIRST_DIGITS])


def grouped(digest: str) -> str:
    """In groups, so that a line breaks between them."""
    return " ".join(hash_groups(digest))


@dataclass(frozen=True, slots=True)
class Desk:
    """`letters` are those of the annexes by their key, as far as they are known."""

    content: Mapping[str, Any]
    stamp: Mapping[str, Any]
    words: Words = field(default_factory=Words)
    letters: Mapping[str, str] = field(default_factory=dict)

    def part(self, *path: str) -> Any:
        """A value of the snapshot; an empty list for what an older snapshot does not have."""
        found: Any = self.content
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        return [] if found is None else found

    def cell(self, text: object, *, proof: str = "", longest: int = LONGEST_CELL, **looks: bool) -> Cell:
        """A text shortened to what a page bears, with its evidence."""
        whole = str(text)
        shortened = whole if len(whole) <= longest + SLACK else short(whole, longest)
        return Cell(shortened, proof, whole if shortened != whole else "", **looks)

    def said(self, text: str, **more: Any) -> Cell:
        """A sentence of the records, in the language of the plan."""
        return self.cell(say(self.words, text), **more)

    def own(self, text: str, **more: Any) -> Cell:
        """A sentence of the plan itself, which its page has room for."""
        return self.cell(text, longest=len(text), **more)

    def listed(self, items: Iterable[object], **more: Any) -> Cell:
        """Each in a line of its own."""
        return self.cell("\n".join(" ".join(str(item).split()) for item in items), is_list=True, **more)

    def mono(self, text: object, **more: Any) -> Cell:
        return self.cell(text, is_mono=True, **more)

    def prose(self, key: str, *, proof: str = "", **values: object) -> Prose:
        return Prose(self.cell(self.words(key, **values), proof=proof, longest=LONGEST_PROSE))

    def note(self, key: str, **values: object) -> Prose:
        return Prose(self.cell(self.words(key, **values), longest=LONGEST_PROSE), is_note=True)

    def heading(self, key: str) -> Heading:
        return Heading(self.words(key))

    def points(self, items: Iterable[Cell]) -> Points:
        return Points(list(items))

    def table(
        self, key: str, rows: Sequence[Sequence[Cell]], *widths: str, annex: str = "", numbers: Sequence[int] = ()
    ) -> Block:
        """A table by the words of its key; what it says when there is no row is `<key>.nothing`."""
        if not rows and self.words.has(f"{key}.nothing"):
            return self.prose(f"{key}.nothing")
        heads = self.words.several(f"{key}.heads")
        columns = [
            Column(head, width, place in numbers) for place, (head, width) in enumerate(zip(heads, widths, strict=True))
        ]
        caption = self.words(f"{key}.caption") if self.words.has(f"{key}.caption") else ""
        return Table(caption, columns, rows, annex)

    def terms(self, rows: Iterable[tuple[str, Cell]]) -> Table:
        """What is known, a line each: the words of a key and what stands beside them."""
        found = [(Cell(self.words(key), is_strong=True), cell) for key, cell in rows]
        return Table("", [Column("", "quarter"), Column("")], found, has_head=False)

    def figure(self, value: float | None) -> str:
        return self.words("not_known") if value is None else self.words.digits(number_text(value))

    def read_in(self, row: Mapping[str, Any]) -> str:
        """The evidence of a fact that was read: upload, file and line, digest of the bundle."""
        upload, place = row.get("upload"), row.get("place", "")
        if not upload:
            return self.words("proof.by_hand", place=place) if place else ""
        found = next((one for one in self.part("estate", "readings") if one["number"] == upload), None)
        digest = found["sha256"] if found else "-"
        return self.words("proof.read", upload=upload, host=row.get("host", ""), place=place, digest=opening_of(digest))
