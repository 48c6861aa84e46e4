"""Which rows of an engagement a pack holds, as `tables.yaml` says."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from django.apps import apps

if TYPE_CHECKING:
    from django.db import models

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Table:
    """One table of engagement.json. `path` leads from a row to its engagement; empty for the engagement itself."""

    name: str
    model: type[models.Model]
    path: str
    where: dict[str, Any] = field(default_factory=dict)
    without: frozenset[str] = frozenset()


@cache
def tables_file() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((FOLDER / "tables.yaml").read_text(encoding="utf-8"))
    return read


@cache
def tables() -> tuple[Table, ...]:
    """In the order of the file, the engagement first."""
    book = tables_file()
    return tuple(_table(row, frozenset(book["never"])) for row in (*book["root"], *book["tables"]))


def _table(row: dict[str, Any], never: frozenset[str]) -> Table:
    model = apps.get_model(row["model"])
    path = getattr(model.objects.none(), "path_to_engagement", "")
    return Table(row["table"], model, path, row.get("where", {}), never | frozenset(row.get("without", ())))
