"""How the constructs of a row look in Postfix: its own example, else one made of its first names."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from discovery.postfix.parameters import default_of
from discovery.translation.book import MOST_SHOWN, Row

SERVICE = "service"


@cache
def templates() -> Mapping[str, str]:
    found: Mapping[str, str] = yaml.safe_load((Path(__file__).parent / "examples.yaml").read_text(encoding="utf-8"))
    return found


def example_of(row: Row) -> str:
    """A few lines, or an empty string for a row that stands for nothing one could write."""
    if row.example:
        return row.example
    if row.kind == SERVICE:
        return "\n".join(service_line(name) for name in row.names[:MOST_SHOWN])
    template = templates().get(row.kind, "")
    lines = [template.format(name=name, value=default_of(name) or "") for name in row.names[:MOST_SHOWN]]
    return "\n".join(line.rstrip() for line in lines)


def service_line(name: str) -> str:
    """A line of master.cf for `program/type`."""
    program, kind, *_ = name.split("/")
    return f"{program}    {kind}    n    -    n    -    -    {program}"
