"""The tables a PowerMTA configuration is checked against."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from discovery.translation.target_names import powermta_names

SHAPES = Path(__file__).parent / "powermta_shapes.yaml"


@dataclass(frozen=True, slots=True)
class Shape:
    said: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Layout:
    """`scopes` are the places of each directive; `references` the kinds of blocks that a directive names, by place."""

    scopes: Mapping[str, frozenset[str]]
    blocks: Mapping[str, frozenset[str]]
    unnamed: frozenset[str]
    lists: Mapping[str, re.Pattern[str]]
    references: Mapping[str, Mapping[str, tuple[str, ...]]]
    row_references: tuple[str, ...]
    built_in: frozenset[str]
    shapes: Mapping[str, Shape]


@cache
def layout() -> Layout:
    told = yaml.safe_load(SHAPES.read_text(encoding="utf-8"))
    scopes: dict[str, set[str]] = defaultdict(set)
    for name in powermta_names():
        directive, at, scope = name.partition("@")
        if at:
            scopes[directive].add(scope)
    return Layout(
        scopes=MappingProxyType({name: frozenset(places) for name, places in scopes.items()}),
        blocks=MappingProxyType({name: frozenset(places) for name, places in told["blocks"].items()}),
        unnamed=frozenset(told["unnamed"]),
        lists=MappingProxyType({name: re.compile(pattern) for name, pattern in told["lists"].items()}),
        references=told["references"],
        row_references=tuple(told["row_references"]),
        built_in=frozenset(told["built_in"]),
        shapes=MappingProxyType(shapes_in(told["shapes"])),
    )


def shapes_in(rows: Mapping[str, Any]) -> dict[str, Shape]:
    """The shape of each directive that has one."""
    found: dict[str, Shape] = {}
    for row in rows.values():
        shape = Shape(row["said"], re.compile(row["pattern"], re.IGNORECASE))
        found |= dict.fromkeys(row["directives"], shape)
    return found
