"""The run-sheet of a cutover and what a decommission asks, as cutover.yaml writes them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("cutover.yaml")


@dataclass(frozen=True, slots=True)
class SheetStep:
    key: str
    kind: str
    party: str
    title: str
    where: str = ""
    act: str = ""


@dataclass(frozen=True, slots=True)
class Leftover:
    key: str
    title: str


@cache
def _file() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return read


@cache
def sheet_steps() -> tuple[SheetStep, ...]:
    return tuple(SheetStep(**row) for row in _file()["steps"])


def sheet_step(key: str) -> SheetStep | None:
    """None for a step of an earlier sheet."""
    return next((step for step in sheet_steps() if step.key == key), None)


@cache
def leftovers() -> tuple[Leftover, ...]:
    return tuple(Leftover(**row) for row in _file()["leftovers"])
