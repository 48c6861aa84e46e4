"""Which row of one list is which of another: by what names it, not by its place. Pure."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Pair = tuple[Any, Any]
    Rows = Sequence[Any]

REFERENCES = ("reference", "code")
# What tells the rows of a list apart, where they have no reference.
IDENTITY = (
    "severity", "phase", "number", "letter", "target", "host", "path", "kind", "parameter", "question", "task", "check",
    "name", "label", "title", "id",
)  # fmt: skip
WHERE_READ = ("place", "filename")  # it moves with each line above it


def row_pairs(before: Rows, after: Rows) -> tuple[list[Pair], list[Any], list[Any]]:
    """The pairs in the order of the second list, what is only in the first, what is only in the second.

    What is equal is paired first, then what has one key and was read at one place, then what has one key, in its order.
    Rows that nothing names are paired by their place where both lists have as many left.
    """
    old, new = dict(enumerate(before)), dict(enumerate(after))
    found: dict[int, int] = {}
    for key_of in (_all_of, _placed, _key):
        found |= _matched(old, new, key_of)
    if len(old) == len(new) and not any(map(_key, [*old.values(), *new.values()])):
        found |= dict(zip(new, old, strict=True))
        old, new = {}, {}
    pairs = [(before[found[place]], row) for place, row in enumerate(after) if place in found]
    return pairs, list(old.values()), list(new.values())


def _matched(old: dict[int, Any], new: dict[int, Any], key_of: Callable[[Any], str]) -> dict[int, int]:
    """Takes what it matches out of both."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for place, row in old.items():
        waiting[key_of(row)].append(place)
    found = {}
    for place, row in new.items():
        if (key := key_of(row)) and waiting[key]:
            found[place] = waiting[key].pop(0)
    for place, other in found.items():
        del new[place], old[other]
    return found


def _all_of(row: Any) -> str:
    return json.dumps(row, sort_keys=True, default=str)  # a database keeps no order of keys


def _key(row: Any) -> str:
    if not isinstance(row, dict):
        return ""
    for name in REFERENCES:
        if row.get(name):
            return str(row[name])
    return _said(row, IDENTITY)


def _placed(row: Any) -> str:
    return _key(row) and f"{_key(row)} {_said(row, WHERE_READ)}"


def _said(row: dict[str, Any], names: Sequence[str]) -> str:
    said = {name: row[name] for name in names if row.get(name) not in (None, "", [], {})}
    return str(said) if said else ""
