"""How the tables of each parameter are asked: uses.yaml, and the places in main.cf where a use stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from discovery.lookup.desk import Desk
from discovery.postfix.braces import split_outside_braces, split_with_offsets

SEARCH, LIST, VIRTUAL, CANONICAL, RESTRICTIONS = "search", "list", "virtual", "canonical", "restrictions"
STAGES = ("client", "helo", "etrn", "sender", "relay", "recipient", "data", "end_of_data")


@dataclass(frozen=True, slots=True)
class Use:
    """How one parameter is asked."""

    parameter: str
    way: str
    subject: str
    order: str = ""
    meaning: str = "listed"
    elsewhere: Mapping[str, Any] = field(default_factory=dict)

    def instead_for(self, key: str) -> str:
        """The parameter that Postfix asks in place of this one for such a header line, or ""."""
        is_other = key.partition(":")[0].strip().lower() in self.elsewhere.get("headers", ())
        return str(self.elsewhere["parameter"]) if is_other else ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A value that names tables, with the place that sets it; file "" for a built-in default."""

    parameter: str
    value: str
    file: str
    line: int


@cache
def uses() -> Mapping[str, Use]:
    """All of uses.yaml by parameter."""
    text = Path(__file__).with_name("uses.yaml").read_text(encoding="utf-8")
    return {name: Use(name, **told) for name, told in yaml.safe_load(text).items()}


def spots_of(desk: Desk, use: Use) -> Iterator[Spot]:
    """Where the tables of a use are named: the parameter itself, or each check of that name in the restrictions.

    Raises TimeOverError.
    """
    if use.way != RESTRICTIONS:
        value = desk.scope.get(use.parameter)
        yield Spot(use.parameter, value.text, value.file, value.line)
        return
    for name in desk.clock.watch(restriction_lists(desk)):
        value, line_of = desk.scope.get(name), desk.scope.line_finder(name)
        words = (word for word, _ in split_with_offsets(value.text))
        for check, table in desk.clock.watch(pairwise(words)):
            if check == use.parameter:
                yield Spot(name, table, value.file, line_of(table))


def restriction_lists(desk: Desk) -> list[str]:
    """The parameters smtpd takes restrictions from, in the order of its stages, then the classes."""
    classes = split_outside_braces(desk.scope.get("smtpd_restriction_classes").text)
    return [*(f"smtpd_{stage}_restrictions" for stage in STAGES), *classes]
