"""The list of checks, as checks.yaml writes it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from delivery.preflight.outcomes import State

BOOK = Path(__file__).parent / "checks.yaml"
SOURCES = frozenset({"dns", "fact", "person"})


@dataclass(frozen=True, slots=True)
class Item:
    key: str
    title: str
    source: str
    party: str
    why: str
    task: str
    settles: frozenset[State]
    where: str = ""  # the page on which it is shown by more than a statement, which `act` calls
    act: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    fresh_days: int
    items: tuple[Item, ...]

    def item(self, key: str) -> Item:
        """Raises KeyError."""
        for item in self.items:
            if item.key == key:
                return item
        raise KeyError(key)


@cache
def load_book() -> Book:
    told = yaml.safe_load(BOOK.read_text(encoding="utf-8"))
    return Book(told["fresh_days"], tuple(item_of(row) for row in told["checks"]))


def item_of(row: dict[str, Any]) -> Item:
    """Raises ValueError for a source nobody knows and KeyError for a row that lacks something."""
    if row["source"] not in SOURCES:
        raise ValueError(f"{row['key']}: {row['source']} is none of {', '.join(sorted(SOURCES))}")
    settles = frozenset(State(word) for word in row["settles"])
    return Item(**{**row, "settles": settles})
