"""The definitions of the figures, as `figures.yaml` says them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pricing.figures import definition_of as sales_definition_of

_BOOK = Path(__file__).with_name("figures.yaml")


class Counts(StrEnum):
    ENGAGEMENTS = "engagements"
    REQUESTS = "requests"
    GATES = "gates"
    PHASES = "phases"


class Shows(StrEnum):
    SHARE = "share"
    COUNT = "count"
    REFUND = "refund"
    MESSAGES = "messages"
    SPAN = "span"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Definition:
    """`among` is the key of the figure it is a part of, "" for none."""

    key: str
    group: str
    label: str
    definition: str
    counts: Counts
    shows: Shows
    among: str = ""
    is_public: bool = False
    is_headline: bool = False


@cache
def definitions() -> dict[str, Definition]:
    """All of them by key, in the order of the book."""
    groups: dict[str, list[dict[str, Any]]] = yaml.safe_load(_BOOK.read_text(encoding="utf-8"))
    rows = [_definition(group, row) for group, of_group in groups.items() for row in of_group]
    return {row.key: row for row in rows}


def _definition(group: str, row: dict[str, Any]) -> Definition:
    said = sales_definition_of(row["sales"]) if "sales" in row else row
    return Definition(
        key=row["key"],
        group=group,
        label=said["label"],
        definition=said["definition"],
        counts=Counts(row["counts"]),
        shows=Shows(row["shows"]),
        among=row.get("among", ""),
        is_public=row.get("public", False),
        is_headline=row.get("headline", False),
    )


def definitions_of(group: str) -> list[Definition]:
    return [row for row in definitions().values() if row.group == group]


def public_definitions() -> list[Definition]:
    return [row for row in definitions().values() if row.is_public]
