"""What KumoMTA is known to be told with: the names of the dictionary, and those that only generated files use."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from discovery.translation.target_names import kumomta_names

SHAPES = Path(__file__).parent / "kumomta_shapes.yaml"
EVENT, HELPER = "event:", "helper:"


@dataclass(frozen=True, slots=True)
class Names:
    """`options` are the keys of the table that a function takes, `files` the shape of each data file by its name."""

    functions: frozenset[str]
    events: frozenset[str]
    modules: frozenset[str]
    options: Mapping[str, Mapping[str, str]]
    groups: Mapping[str, Mapping[str, str]]
    files: Mapping[str, Any]


@cache
def known_names() -> Names:
    shapes = yaml.safe_load(SHAPES.read_text(encoding="utf-8"))
    told = kumomta_names()
    groups = {name: group_of(row, told) for name, row in shapes["groups"].items()}
    helpers = {f"policy-extras.{name.removeprefix(HELPER)}" for name in told if name.startswith(HELPER)}
    return Names(
        functions=frozenset({name for name in told if name.startswith("kumo.")} | set(shapes["functions"])),
        events=frozenset({name.removeprefix(EVENT) for name in told if name.startswith(EVENT)} | set(shapes["events"])),
        modules=frozenset(helpers | set(shapes["modules"])),
        options=MappingProxyType({function: groups[group] for function, group in shapes["options"].items()}),
        groups=MappingProxyType(groups),
        files=shapes["files"],
    )


def group_of(row: Mapping[str, Any], told: Mapping[str, str]) -> Mapping[str, str]:
    """Every key of a group with the shape of its value: that of `shapes`, or `any`."""
    prefix = row.get("prefix")
    keys = [name.removeprefix(prefix) for name in told if prefix and name.startswith(prefix)]
    shapes = {key: shape for shape, named in row.get("shapes", {}).items() for key in named}
    return MappingProxyType(dict.fromkeys(keys, "any") | shapes)
