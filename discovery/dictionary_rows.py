"""Which entries of the dictionary somebody asked for, and which overrides speak of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.words import are_words_in
from discovery.models import DictionaryOverride
from discovery.translation.book import load_book

if TYPE_CHECKING:
    from accounts.models import User
    from discovery.translation.book import Row


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed to; words nobody knows ask for everything."""

    text: str
    target: str
    letter: str
    group: str

    def fits(self, row: Row) -> bool:
        letters = [each.letter for target, each in row.treatments.items() if self.target in {target, ""}]
        words = (row.id, row.title, row.group, row.note, *row.names)
        return (
            (not self.letter or self.letter in letters)
            and self.group in {row.group, ""}
            and are_words_in(self.text, words)
        )


def overrides_of(row: Row, reader: User) -> list[DictionaryOverride]:
    """Those in force that speak of one of the names of an entry, as far as the reader may see them."""
    visible = DictionaryOverride.objects.visible_to(reader).in_force().filter(kind=row.kind)
    return [each for each in visible.select_related("engagement") if load_book().find(each.kind, each.name) is row]
