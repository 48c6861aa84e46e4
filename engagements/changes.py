"""What moved between two snapshots: field by field, and in sentences. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.wording import day_text
from engagements.excerpts import around_the_first_difference, differing_lines, shortened
from engagements.row_pairs import REFERENCES, row_pairs

MOST = 40
_ENDS = (".", "!", "?")
_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
NEW, GONE = "new", "no longer there"
NAMES = ("title", "name", "label", "path", "question", "task", "kind", "host", "target", "id")


@dataclass(frozen=True, slots=True)
class Wording:
    """How people call what stands in a snapshot.

    `titles` are those of the parts at the top; `values` says by field what each code that it may hold means; `telling`
    are the parts by what a reader wants to know first ("estate.instances"), those that are not named before "".
    `follows` are fields that tell nothing where another of their row differs.
    """

    titles: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    telling: Sequence[str] = ()
    follows: Sequence[str] = ()

    def said(self, name: str, value: Any) -> Any:
        return self.values.get(name, {}).get(value, value) if isinstance(value, str) else value

    def rank(self, keys: Sequence[str]) -> int:
        """By the longest part that is named."""
        for length in range(len(keys), -1, -1):
            if (part := ".".join(keys[:length])) in self.telling:
                return self.telling.index(part)
        return len(self.telling)


AS_STORED = Wording()


@dataclass(frozen=True, slots=True)
class _At:
    """Where in both snapshots: by its keys, and in words, which name the rows of lists too."""

    wording: Wording
    keys: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def field(self, key: str) -> "_At":
        title = "" if self.keys else self.wording.titles.get(key)
        return _At(self.wording, (*self.keys, key), (*self.words, title or _worded(key)))

    def row(self, name: str) -> "_At":
        return _At(self.wording, self.keys, (*self.words, name))

    @property
    def place(self) -> str:
        place = ", ".join(self.words)
        return place[:1].upper() + place[1:]


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs. An entry of a list that came or went has nothing on the other side."""

    place: str
    before: Any
    after: Any
    is_entry: bool = False
    rank: int = 0

    @property
    def sentence(self) -> str:
        if not self.is_entry:
            before, after = self._both(around_the_first_difference)
            return _ended(f"{self.place}: {_told(before)} is now {_told(after)}")
        if self.after is None:
            return f"{self.place}: {_told(self.before)} is gone."
        return f"{self.place}: {_told(self.after)} is new."

    @property
    def full_place(self) -> str:
        """The place with the entry that came or went, where it has a name."""
        name = _name(self.after) or _name(self.before) if self.is_entry else ""
        return ", ".join(filter(None, [self.place, name]))

    @property
    def was(self) -> str:
        if _is_nested(self.before) or _is_nested(self.after) or (self.is_entry and self.before is None):
            return ""
        return _whole(self._both(differing_lines)[0])

    @property
    def now(self) -> str:
        if _is_nested(self.after):
            return NEW
        if _is_nested(self.before):
            return GONE
        return "" if self.is_entry and self.after is None else _whole(self._both(differing_lines)[1])

    def _both(self, excerpt: Callable[[str, str], tuple[str, str]]) -> tuple[Any, Any]:
        if isinstance(self.before, str) and isinstance(self.after, str):
            return excerpt(self.before, self.after)
        return self.before, self.after


def changed_fields(before: Any, after: Any, wording: Wording = AS_STORED) -> list[Change]:
    """Each leaf that differs: the most telling parts first, within them in the order of the keys."""
    return sorted(_compare(_At(wording), before, after), key=lambda change: change.rank)


def describe_changes(before: Any, after: Any, wording: Wording = AS_STORED, *, most: int = MOST) -> list[str]:
    """A sentence for each of them; at most 40, or as many as are asked for, and a count of the rest."""
    return in_sentences(changed_fields(before, after, wording), most=most)


def in_sentences(changes: Sequence[Change], *, most: int = MOST) -> list[str]:
    sentences = [change.sentence for change in changes[:most]]
    return [*sentences, f"And {len(changes) - most} more."] if len(changes) > most else sentences


def _keys_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [*before, *(key for key in after if key not in before)]


def _compare(at: _At, before: Any, after: Any) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _compare_rows(at, before, after)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _compare_lists(at, before, after)
    elif before != after:
        yield Change(at.place, before, after, rank=at.wording.rank(at.keys))


def _compare_rows(at: _At, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    said = at.wording.said
    differing = [key for key in _keys_of(before, after) if before.get(key) != after.get(key)]
    telling = [key for key in differing if key not in at.wording.follows]
    for key in telling or differing:
        yield from _compare(at.field(key), said(key, before.get(key)), said(key, after.get(key)))


def _compare_lists(at: _At, before: list[Any], after: list[Any]) -> Iterator[Change]:
    """Rows by what names them, values by their place."""
    rank = at.wording.rank(at.keys)
    if any(isinstance(item, dict) for item in [*before, *after]):
        pairs, gone, added = row_pairs(before, after)
    elif len(before) == len(after):
        pairs, gone, added = list(zip(before, after, strict=True)), [], []
    else:
        pairs, gone, added = [], _without(before, after), _without(after, before)
    for number, (old, new) in enumerate(pairs, start=1):
        yield from _compare(at.row(_name(new) or _name(old) or str(number)), old, new)
    yield from (Change(at.place, item, None, is_entry=True, rank=rank) for item in gone)
    yield from (Change(at.place, None, item, is_entry=True, rank=rank) for item in added)


def _without(items: list[Any], others: list[Any]) -> list[Any]:
    return [item for item in items if item not in others]


def _worded(key: Any) -> str:
    return str(key).replace("_", " ")


def _name(row: Any) -> str:
    """How people call a row of a list: S-02 bulk. Empty where it has neither a reference nor a name."""
    if not isinstance(row, dict):
        return ""
    parts = (next((str(row[key]) for key in keys if row.get(key)), "") for keys in (REFERENCES, NAMES))
    return _short(" ".join(filter(None, parts))) if any(row.get(key) for key in (*REFERENCES, *NAMES)) else ""


def _is_nested(value: Any) -> bool:
    """Whether it holds further fields, which nobody reads in a cell."""
    return bool(value) and (isinstance(value, dict) or (isinstance(value, list) and any(map(_is_nested, value))))


def _short(value: Any) -> str:
    if value in (None, "", [], {}):
        return "nothing"
    if isinstance(value, dict):
        return next((str(value[key]) for key in NAMES if value.get(key)), "an entry")
    return shortened(_written(value))


def _told(value: Any) -> str:
    """Inside a sentence: what is one itself stands in quotes."""
    text = _short(value)
    return f"“{text}”" if text.endswith(_ENDS) else text


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(tuple(f"{end}”" for end in _ENDS)) else f"{sentence}."


def _written(value: Any) -> str:
    """A day as people write it."""
    text = str(value)
    return day_text(date.fromisoformat(text)) if _DAY.fullmatch(text) else text


def _whole(value: Any) -> str:
    """Everything a field says, one line a part."""
    if value in (None, "", [], {}):
        return "nothing"
    if isinstance(value, list):
        return "\n".join(_whole(part) for part in value)
    return _written(value)
