"""What guard.yaml says: the tables and the addresses that are not like the others, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class GuardBook:
    """Conditions of their own by model, the reasons of models without one, and those of unguarded addresses."""

    conditions: Mapping[str, str]
    open: Mapping[str, str]
    unguarded: Mapping[str, str]


@cache
def guard_book() -> GuardBook:
    said = yaml.safe_load(Path(__file__).with_name("guard.yaml").read_text(encoding="utf-8"))
    return GuardBook(
        conditions={label: row["rows"] for label, row in said["conditions"].items()},
        open=said["open"],
        unguarded=said["unguarded"],
    )
