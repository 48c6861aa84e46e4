"""The method of vendor selection: its variables, answers, points and hard rules, as they hold on a day."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

METHODS = Path(__file__).with_name("method.yaml")


class Target(StrEnum):
    POWERMTA = "powermta"
    KUMOMTA = "kumomta"


TARGET_LABELS = {Target.POWERMTA: "PowerMTA", Target.KUMOMTA: "KumoMTA"}


class MethodError(ValueError):
    """A method that cannot be used, with the version and what is wrong."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer. Positive points count towards PowerMTA, negative ones towards KumoMTA; `decides` settles alone."""

    key: str
    label: str
    points: int = 0
    decides: Target | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    key: str
    label: str
    ask: str
    why: str
    answers: tuple[Choice, ...]

    def choice(self, key: str) -> Choice:
        """Raises KeyError for an answer that this variable does not offer."""
        return {choice.key: choice for choice in self.answers}[key]


@dataclass(frozen=True, slots=True)
class Method:
    """`margin` is the least sum, either way, that makes a result."""

    version: str
    valid_from: date
    margin: int
    because: str
    text: tuple[str, ...]
    variables: tuple[Variable, ...]

    def variable(self, key: str) -> Variable:
        """Raises KeyError for a variable that this version does not have."""
        return {variable.key: variable for variable in self.variables}[key]


def method_on(day: date) -> Method:
    """The youngest version that holds on a day. Raises LookupError for a day before the first."""
    holding = [method for method in all_methods() if method.valid_from <= day]
    if not holding:
        raise LookupError(f"No method was published on {day}")
    return holding[-1]


def method_of(version: str) -> Method:
    """Raises KeyError for a version that was never published."""
    return {method.version: method for method in all_methods()}[version]


@cache
def all_methods() -> tuple[Method, ...]:
    """Every version, the oldest first. Raises MethodError."""
    rows: list[dict[str, Any]] = yaml.safe_load(METHODS.read_text(encoding="utf-8"))
    return tuple(sorted((method_from(row) for row in rows), key=lambda method: method.valid_from))


def method_from(row: Mapping[str, Any]) -> Method:
    """A version as its row says it. Raises MethodError."""
    version = str(row["version"])
    variables = tuple(_variable(each, version) for each in row["variables"])
    _refuse_twice((variable.key for variable in variables), version)
    if row["margin"] < 1:
        raise MethodError(f"Method {version}: a margin below 1 would let an even sum decide.")
    return Method(
        version=version,
        valid_from=row["valid_from"],
        margin=row["margin"],
        because=row["because"],
        text=tuple(row["text"]),
        variables=variables,
    )


def _variable(row: Mapping[str, Any], version: str) -> Variable:
    answers = tuple(_choice(each, version) for each in row["answers"])
    _refuse_twice((choice.key for choice in answers), version)
    if len(answers) < 2:  # noqa: PLR2004 - a question with one answer asks nothing
        raise MethodError(f"Method {version}: {row['key']} offers no choice.")
    return Variable(row["key"], row["label"], row["ask"], row["why"], answers)


def _choice(row: Mapping[str, Any], version: str) -> Choice:
    if ("points" in row) == ("decides" in row):
        raise MethodError(f"Method {version}: the answer {row['key']} has either points or decides.")
    decides = Target(row["decides"]) if "decides" in row else None
    return Choice(str(row["key"]), row["label"], row.get("points", 0), decides)


def _refuse_twice(keys: Iterable[str], version: str) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise MethodError(f"Method {version}: {key} stands there twice.")
        seen.add(key)
