"""The fields of a dossier, the kinds of components and the words for what was read, from the data files beside this."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

UNTOLD = ""


@dataclass(frozen=True, slots=True)
class Field:
    """`counts` says whether a dossier without it is incomplete."""

    key: str
    label: str
    ask: str
    long: bool = False
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of component. `target` holds a suggestion by target.

    `seems` and `names` recognise programs: by what the parser takes them for, and by their path and command.
    """

    key: str
    label: str
    skips: tuple[str, ...] = ()
    target: Mapping[str, str] = field(default_factory=dict)
    names: str = ""
    seems: tuple[str, ...] = ()


def _rows(name: str) -> Any:
    return yaml.safe_load((Path(__file__).parent / name).read_text(encoding="utf-8"))


@cache
def fields() -> tuple[Field, ...]:
    return tuple(Field(**row) for row in _rows("fields.yaml"))


@cache
def kinds() -> Mapping[str, Kind]:
    rows = [row | {key: tuple(row.get(key, ())) for key in ("skips", "seems")} for row in _rows("kinds.yaml")]
    return {row["key"]: Kind(**row) for row in rows}


@cache
def phrases() -> Mapping[str, Any]:
    said: Mapping[str, Any] = _rows("phrases.yaml")
    return said


def asked_of(kind: str) -> tuple[Field, ...]:
    """The fields that make sense for a kind, in the order in which they are asked."""
    return tuple(one for one in fields() if one.key not in kinds()[kind].skips)


def kind_by_name(text: str) -> str:
    """The kind that the path or command of a program tells, or UNTOLD."""
    named = (kind for kind in kinds().values() if kind.names)
    return next((kind.key for kind in named if re.search(kind.names, text, re.IGNORECASE)), UNTOLD)


def kind_by_traits(seems: str) -> str:
    """The kind of a program that the parser takes for a bounce processor and the like, or UNTOLD."""
    return next((kind.key for kind in kinds().values() if seems in kind.seems), UNTOLD)
