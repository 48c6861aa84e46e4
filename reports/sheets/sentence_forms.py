"""Sentences with places in them: whether a text has the form of one, and the same said in another language. Pure.

A place is `{name}` for any words, `{0n}` for a number, `{0d}` for a day, `{0s}` for words that are said in turn, `{0t}`
for words that are said in turn where they are known, `{0l}` for a list of such. Of two places with nothing between them
the first holds one word; what stands at the end by its name may be empty. Reading goes from left to right and never
back, so that a long text costs no more than its length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PLACE = re.compile(r"\{(\d+)([dlnst]?)\}|\{([a-z_]+)\}")
_NUMBER = re.compile(r"[\u2212-]?[\d,]+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Form:
    """`fixed` are the words around the places, one more than there are places."""

    fixed: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]

    def met(self, text: str) -> Mapping[str, str] | None:
        """What stands in the places; None for a text of another form."""
        if not self.names:
            return {} if text == self.fixed[0] else None
        if not (text.startswith(self.fixed[0]) and text.endswith(self.fixed[-1])):
            return None
        return self._read(text, len(self.fixed[0]), len(text) - len(self.fixed[-1]))

    def _read(self, text: str, start: int, last: int) -> Mapping[str, str] | None:
        found: dict[str, str] = {}
        for place, (name, kind) in enumerate(zip(self.names, self.kinds, strict=True), start=1):
            is_last = place == len(self.names)
            end = last if is_last else self._end(text, place, start, last)
            value = text[start:end]
            is_there = end > start or (is_last and end == start and not name.isdigit())
            if not is_there or (kind == "n" and not _NUMBER.fullmatch(value)) or found.setdefault(name, value) != value:
                return None
            start = end + len(self.fixed[place])
        return found

    def _end(self, text: str, place: int, start: int, last: int) -> int:
        """Before the words that follow the place; -1 where they do not follow."""
        if self.fixed[place]:
            return text.find(self.fixed[place], start + 1, last)
        space = text.find(" ", start + 1, last)
        return last if space < 0 else space


def form_of(text: str) -> Form:
    fixed, names, kinds, end = [], [], [], 0
    for place in _PLACE.finditer(text):
        fixed.append(text[end : place.start()])
        names.append(place[1] or place[3])
        kinds.append(place[2] or "")
        end = place.end()
    return Form((*fixed, text[end:]), tuple(names), tuple(kinds))


def filled(text: str, values: Mapping[str, str], say: Callable[[str, str], str | None]) -> str | None:
    """The text with its places filled. `say` gets the kind of a place, or its name, and its words; None: not known."""
    form = form_of(text)
    parts = [form.fixed[0]]
    for name, kind, following in zip(form.names, form.kinds, form.fixed[1:], strict=True):
        said = say(kind or name, values[name])
        if said is None:
            return None
        parts += [said, following]
    return "".join(parts)
