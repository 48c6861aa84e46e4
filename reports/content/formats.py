"""Which format the content of documents has. The numbers stand in formats.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

BEFORE_FORMATS = 1  # of documents that name none


@dataclass(frozen=True, slots=True)
class Formats:
    format: int
    drawn_from: int
    fields: str
    said_again: tuple[str, ...]
    provenance: tuple[str, ...]
    telling: tuple[str, ...]
    follows: tuple[str, ...]


@cache
def formats() -> Formats:
    book = yaml.safe_load((Path(__file__).parent / "formats.yaml").read_text(encoding="utf-8"))
    lists = {name: tuple(book[name]) for name in ("said_again", "provenance", "telling", "follows")}
    return Formats(int(book["format"]), int(book["drawn_from"]), str(book["fields"]), **lists)


def is_drawn(content: Mapping[str, Any]) -> bool:
    """Whether the pages of the portal can show it, or its PDF alone."""
    return int(content.get("format", BEFORE_FORMATS)) >= formats().drawn_from
