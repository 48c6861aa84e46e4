"""What moved between two snapshots: field by field, and in sentences. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MOST = 40
LONGEST = 80


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
    def was(self) -> str:
        return "" if self.is_entry and self.before is None else _whole(self.before)

    @property
    def now(self) -> str:
        return "" if self.is_entry and self.after is None else _whole(self.after)


def changed_fields(before: Any, after: Any) -> list[Change]:
    """Each leaf that differs, in the order of the keys."""
    return list(_compare((), before, after))


def describe_changes(before: Any, after: Any) -> list[str]:
    """A sentence for each of them; at most 40 and a count of the rest."""
    sentences = [change.sentence for change in changed_fields(before, after)]
    if len(sentences) > MOST:
        return [*sentences[:MOST], f"And {len(sentences) - MOST} more."]
    return sentences


def _compare(path: tuple[str, ...], before: Any, after: Any) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from _compare((*path, str(key)), before.get(key), after.get(key))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _compare_lists(path, before, after)
    elif before != after:
        yield Change(_place(path), before, after)


def _compare_lists(path: tuple[str, ...], before: list[Any], after: list[Any]) -> Iterator[Change]:
    if len(before) == len(after):
        for number, (old, new) in enumerate(zip(before, after, strict=True), start=1):
            yield from _compare((*path, str(number)), old, new)
        return
    gone = [item for item in before if item not in after]
    added = [item for item in after if item not in before]
    yield from (Change(_place(path), item, None, is_entry=True) for item in gone)
    yield from (Change(_place(path), None, item, is_entry=True) for item in added)


def _place(path: tuple[str, ...]) -> str:
    return ", ".join(part.replace("_", " ") for part in path).capitalize()


def _short(value: Any) -> str:
    if value in (None, "", [], {}):
        return "nothing"
    if isinstance(value, dict):
        return next((str(value[key]) for key in ("title", "name", "label", "id") if value.get(key)), "an entry")
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def _whole(value: Any) -> str:
    """Everything a field says, one line a part."""
    if value in (None, "", [], {}):
        return "nothing"
    if isinstance(value, dict):
        parts = [
            f"{key.replace('_', ' ')}: {_whole(part)}" for key, part in value.items() if part not in (None, "", [])
        ]
        return "\n".join(parts)
    if isinstance(value, list):
        return "\n".join(_whole(part) for part in value)
    return str(value)
