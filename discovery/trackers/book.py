"""What each tracker's importer reads, from `book.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

_BOOK = Path(__file__).with_name("book.yaml")


@dataclass(frozen=True, slots=True)
class Column:
    """`values` turns a word of the portal into the tracker's own; without them the fact stands as it is."""

    name: str
    fact: str
    values: Mapping[str, str] | None = None
    longest: int = 0
    with_keys: bool = False


@dataclass(frozen=True, slots=True)
class Tracker:
    """`key` is what the tracker calls the key of a ticket; `verbatim` stands around lines that are no prose.

    `steps` say how its table is imported.
    """

    name: str
    label: str
    key: str
    example: str
    day: str
    verbatim: tuple[str, str]
    columns: tuple[Column, ...]
    steps: tuple[str, ...]
    sources: tuple[Mapping[str, str], ...]


@cache
def trackers() -> Mapping[str, Tracker]:
    """By their names in addresses."""
    told = yaml.safe_load(_BOOK.read_text(encoding="utf-8"))
    return {name: _tracker(name, row) for name, row in told.items()}


def _tracker(name: str, row: Mapping[str, Any]) -> Tracker:
    begin, end = row["verbatim"]
    columns = tuple(Column(**column) for column in row["columns"])
    facts = {fact: row[fact] for fact in ("label", "key", "example", "day")}
    steps, sources = tuple(row["steps"]), tuple(row["sources"])
    return Tracker(name, verbatim=(begin, end), columns=columns, steps=steps, sources=sources, **facts)
