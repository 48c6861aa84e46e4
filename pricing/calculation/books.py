"""The dated data of pricing, read from the YAML files in `pricing/book`. Each row says from when it holds and why.

The row in force on a day is the youngest of its key that is not younger than the day.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from pricing.calculation.authority import Authority

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

BOOK = Path(__file__).resolve().parents[1] / "book"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tier:
    """A fixed-fee offer with the limits it holds for. `plan` maps a phase to its first and last week."""

    key: str
    label: str
    fee: Decimal
    currency: str
    scope: str
    included: tuple[str, ...]
    limits: Mapping[str, int]
    weeks: tuple[int, int]
    minimum_parallel_weeks: int
    rollback_days: int
    monitoring_days: int
    plan: Mapping[int, tuple[int, int]]

    @property
    def is_execution(self) -> bool:
        """Whether it goes beyond the plan."""
        return len(self.plan) > 1


@dataclass(frozen=True, slots=True)
class Condition:
    """A comparison of one fact, with its words for each outcome. Exactly one of `more_than` and `equals` is set."""

    fact: str
    met: str
    unmet: str
    unknown: str
    more_than: int | None = None
    equals: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Its tier is chosen when any condition is met; a rule without conditions always is."""

    tier: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class LicenceRow:
    """What a source says a vendor asks a year, for volumes above `above` up to and with `up_to` (None: without an end).

    `and_more` says that the source names no upper end beyond `high`.
    """

    vendor: str
    above: int
    up_to: int | None
    low: Decimal
    high: Decimal
    and_more: bool
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Assumption:
    """A number of the running costs that an engagement may replace, within its bounds."""

    key: str
    label: str
    unit: str
    value: Decimal
    least: Decimal
    most: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that is in force on one day. `authority` is what a role may take off a fee alone."""

    day: date
    thresholds: Mapping[str, int]
    tiers: tuple[Tier, ...]
    rules: tuple[Rule, ...]
    licences: tuple[LicenceRow, ...]
    texts: Mapping[str, Row]
    assumptions: tuple[Assumption, ...]
    authority: Mapping[str, Authority]

    def tier(self, key: str) -> Tier:
        """Raises KeyError for a tier nobody wrote down."""
        return {tier.key: tier for tier in self.tiers}[key]


def in_force(rows: Iterable[Row], day: date, *, key: str = "key") -> list[Row]:
    """The row of each key that holds on the day, in the order in which keys first appear."""
    found: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: row["valid_from"]):
        if row["valid_from"] <= day:
            found[row[key]] = row
    order = dict.fromkeys(row[key] for row in rows)
    return [found[name] for name in order if name in found]


@cache
def read_file(name: str) -> Any:
    return yaml.safe_load((BOOK / name).read_text(encoding="utf-8"))


@cache
def book_date(day: date) -> date:
    """Since when the prices and assumptions that hold on the day are as they are: the date of the price book."""
    rows = [row for name in ("price_book.yaml", "assumptions.yaml") for row in in_force(read_file(name), day)]
    since: date = max(row["valid_from"] for row in rows)
    return since


@cache
def book_on(day: date) -> Book:
    """The book of a day. Raises LookupError for a day before the first rows."""
    tiers = read_file("tiers.yaml")
    rows = in_force(tiers["tiers"], day)
    if not rows:
        raise LookupError(f"No tier was on offer on {day}")
    return Book(
        day=day,
        thresholds={row["key"]: row["value"] for row in in_force(read_file("thresholds.yaml"), day)},
        tiers=tuple(_tier(row) for row in rows),
        rules=tuple(_rule(row) for row in in_force(tiers["rules"], day, key="tier")),
        licences=tuple(_licence(row) for row in in_force(read_file("price_book.yaml"), day)),
        texts={row["key"]: row for row in in_force(read_file("statements.yaml"), day)},
        assumptions=tuple(_assumption(row) for row in in_force(read_file("assumptions.yaml"), day)),
        authority={row["key"]: _authority(row) for row in in_force(read_file("authority.yaml"), day)},
    )


def _authority(row: Row) -> Authority:
    amount = row.get("amount")
    return Authority(amount=None if amount is None else Decimal(amount), percent=Decimal(row["percent"]))


def _tier(row: Row) -> Tier:
    return Tier(
        key=row["key"],
        label=row["label"],
        fee=Decimal(row["fee"]),
        currency=row["currency"],
        scope=row["scope"],
        included=tuple(row["included"]),
        limits=row["limits"],
        weeks=(row["weeks"][0], row["weeks"][1]),
        minimum_parallel_weeks=row["minimum_parallel_weeks"],
        rollback_days=row["rollback_days"],
        monitoring_days=row["monitoring_days"],
        plan={number: (weeks[0], weeks[1]) for number, weeks in row["plan"].items()},
    )


def _rule(row: Row) -> Rule:
    return Rule(row["tier"], tuple(Condition(**condition) for condition in row["any"]))


def _licence(row: Row) -> LicenceRow:
    return LicenceRow(
        vendor=row["vendor"],
        above=row["above"],
        up_to=row["up_to"],
        low=Decimal(row["low"]),
        high=Decimal(row["high"]),
        and_more=row.get("and_more", False),
        source=row["source"],
        note=row["note"],
    )


def _assumption(row: Row) -> Assumption:
    return Assumption(
        key=row["key"],
        label=row["label"],
        unit=row["unit"],
        value=Decimal(row["value"]),
        least=Decimal(row["least"]),
        most=Decimal(row["most"]),
        source=row["source"],
    )
