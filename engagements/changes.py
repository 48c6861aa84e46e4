"""What moved between two snapshots, in sentences. Pure."""

from collections.abc import Iterator
from typing import Any

MOST = 40
LONGEST = 80


def describe_changes(before: Any, after: Any) -> list[str]:
    """Sentences for each leaf that differs, in the order of the keys; at most 40 and a count of the rest."""
    sentences = list(_compare((), before, after))
    if len(sentences) > MOST:
        return [*sentences[:MOST], f"And {len(sentences) - MOST} more."]
    return sentences


def _compare(path: tuple[str, ...], before: Any, after: Any) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from _compare((*path, str(key)), before.get(key), after.get(key))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _compare_lists(path, before, after)
    elif before != after:
        yield f"{_place(path)}: {_show(before)} is now {_show(after)}."


def _compare_lists(path: tuple[str, ...], before: list[Any], after: list[Any]) -> Iterator[str]:
    if len(before) == len(after):
        for number, (old, new) in enumerate(zip(before, after, strict=True), start=1):
            yield from _compare((*path, str(number)), old, new)
        return
    gone = [item for item in before if item not in after]
    added = [item for item in after if item not in before]
    yield from (f"{_place(path)}: {_show(item)} is gone." for item in gone)
    yield from (f"{_place(path)}: {_show(item)} is new." for item in added)


def _place(path: tuple[str, ...]) -> str:
    return ", ".join(part.replace("_", " ") for part in path).capitalize()


def _show(value: Any) -> str:
    if value in (None, "", [], {}):
        return "nothing"
    if isinstance(value, dict):
        return next((str(value[key]) for key in ("title", "name", "label", "id") if value.get(key)), "an entry")
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
