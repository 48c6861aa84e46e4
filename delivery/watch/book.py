"""What a watch looks at, as watch.yaml writes it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from datetime import date

BOOK = Path(__file__).with_name("watch.yaml")


@dataclass(frozen=True, slots=True)
class Rule:
    """`most` is the share that may not be passed, `above` by how much the baseline may be; None where it has none.

    `by_stream`: it is looked at for each stream at each provider too. Its days are no more than the `shown_days`.
    """

    key: str
    title: str
    unit: str
    fewest: int
    days: int
    each: bool
    source: str
    by_stream: bool = False
    most: float | None = None
    above: float | None = None


@dataclass(frozen=True, slots=True)
class Dip:
    """`weeks` are (last week, most that is expected to be lost)."""

    source: str
    words: str
    weeks: tuple[tuple[int, float], ...]
    after: float

    def loss_in(self, week: int) -> float:
        """Weeks count from 1."""
        return next((loss for last, loss in self.weeks if week <= last), self.after)


@dataclass(frozen=True, slots=True)
class Cause:
    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Book:
    as_of: date
    baseline_days: int
    shortest: int
    longest: int
    shown_days: int
    stale_hours: int
    most_seed_lines: int
    rules: tuple[Rule, ...]
    dip: Dip
    causes: tuple[Cause, ...]

    def rule(self, key: str) -> Rule:
        """Raises KeyError."""
        return {rule.key: rule for rule in self.rules}[key]

    def cause(self, key: str) -> Cause:
        """Raises KeyError."""
        return {cause.key: cause for cause in self.causes}[key]


@cache
def load_watch() -> Book:
    told: dict[str, Any] = yaml.safe_load(BOOK.read_text(encoding="utf-8"))
    whole = {key: value for key, value in told.items() if key not in {"rules", "dip", "causes"}}
    weeks = tuple((row["last"], row["loss"]) for row in told["dip"]["weeks"])
    return Book(
        rules=tuple(Rule(**row) for row in told["rules"]),
        dip=Dip(**{**told["dip"], "weeks": weeks}),
        causes=tuple(Cause(**row) for row in told["causes"]),
        **whole,
    )
