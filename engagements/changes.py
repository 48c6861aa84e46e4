"""What moved between two snapshots: field by field, and in sentences. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

MOST = 40
LONGEST = 80
NEW, GONE = "new", "no longer there"
REFERENCES = ("reference", "code")
NAMES = ("title", "name", "label", "host", "id")


@dataclass(frozen=True, slots=True)
class Wording:
    """How people call what stands in a snapshot.

    `titles` are those of the parts at the top; `values` says by field what each code that it may hold means.
    """

    titles: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def said(self, name: str, value: Any) -> Any:
        return self.values.get(name, {}).get(value, value) if isinstance(value, str) else value


AS_STORED = Wording()


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs. An entry of a list that came or went has nothing on the other side."""

    place: str
    before: Any
    after: Any
    is_entry: bool = False

    @property
    def sentence(self) -> str:
        if not self.is_entry:
            return f"{self.place}: {_short(self.before)} is now {_short(self.after)}."
        if self.after is None:
            return f"{self.place}: {_short(self.before)} is gone."
        return f"{self.place}: {_short(self.after)} is new."

    @property
    def full_place(self) -> str:
        """The place with the entry that came or went, where it has a name."""
        name = _name(self.after) or _name(self.before) if self.is_entry else ""
        return ", ".join(filter(None, [self.place, name]))

    @property
    def was(self) -> str:
        if _is_nested(self.before) or _is_nested(self.after) or (self.is_entry and self.before is None):
            return ""
        return _whole(self.before)

    @property
    def now(self) -> str:
        if _is_nested(self.after):
            return NEW
        if _is_nested(self.before):
            return GONE
        return "" if self.is_entry and self.after is None else _whole(self.after)


def changed_fields(before: Any, after: Any, wording: Wording = AS_STORED) -> list[Change]:
    """Each leaf that differs, in the order of the keys."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return list(_compare((), before, after, wording))
    return [
        change
        for key in _keys_of(before, after)
        for change in _compare_field((wording.titles.get(key) or _worded(key),), key, before, after, wording)
    ]


def describe_changes(before: Any, after: Any, wording: Wording = AS_STORED, *, most: int = MOST) -> list[str]:
    """A sentence for each of them; at most 40, or as many as are asked for, and a count of the rest."""
    sentences = [change.sentence for change in changed_fields(before, after, wording)]
    if len(sentences) > most:
        return [*sentences[:most], f"And {len(sentences) - most} more."]
    return sentences


def _keys_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [*before, *(key for key in after if key not in before)]


def _compare_field(
    path: tuple[str, ...], key: str, before: Mapping[str, Any], after: Mapping[str, Any], wording: Wording
) -> Iterator[Change]:
    yield from _compare(path, wording.said(key, before.get(key)), wording.said(key, after.get(key)), wording)


def _compare(path: tuple[str, ...], before: Any, after: Any, wording: Wording) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in _keys_of(before, after):
            yield from _compare_field((*path, _worded(key)), key, before, after, wording)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _compare_lists(path, before, after, wording)
    elif before != after:
        yield Change(_place(path), before, after)


def _compare_lists(path: tuple[str, ...], before: list[Any], after: list[Any], wording: Wording) -> Iterator[Change]:
    if len(before) == len(after):
        for number, (old, new) in enumerate(zip(before, after, strict=True), start=1):
            yield from _compare((*path, _name(new) or _name(old) or str(number)), old, new, wording)
        return
    gone = [item for item in before if item not in after]
    added = [item for item in after if item not in before]
    yield from (Change(_place(path), item, None, is_entry=True) for item in gone)
    yield from (Change(_place(path), None, item, is_entry=True) for item in added)


def _worded(key: Any) -> str:
    return str(key).replace("_", " ")


def _place(path: tuple[str, ...]) -> str:
    place = ", ".join(path)
    return place[:1].upper() + place[1:]


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
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def _whole(value: Any) -> str:
    """Everything a field says, one line a part."""
    if value in (None, "", [], {}):
        return "nothing"
    if isinstance(value, list):
        return "\n".join(_whole(part) for part in value)
    return str(value)
