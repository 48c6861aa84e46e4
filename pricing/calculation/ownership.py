"""What each way costs over the years, by cost head, with every formula in words. Sources that disagree stay a range."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from pricing.calculation.licences import estimate_licence
from pricing.calculation.totals import to_cents

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pricing.calculation.books import LicenceRow

PERCENT = Decimal(100)
NOTHING = Decimal(0)
ASSUMED = "The assumptions"


class Way(StrEnum):
    POSTFIX = "postfix"
    POWERMTA = "powermta"
    KUMOMTA = "kumomta"


WAY_LABELS = {Way.POSTFIX: "Stay on Postfix", Way.POWERMTA: "PowerMTA", Way.KUMOMTA: "KumoMTA"}


class Head(StrEnum):
    LICENCE = "licence"
    SUPPORT = "support"
    SERVERS = "servers"
    HOURS = "hours"
    MIGRATION = "migration"


HEAD_LABELS = {
    Head.LICENCE: "Licence",
    Head.SUPPORT: "Support",
    Head.SERVERS: "Servers",
    Head.HOURS: "Engineering hours",
    Head.MIGRATION: "Migration fee",
}


@dataclass(frozen=True, slots=True)
class Span:
    """An amount, or a range of two where sources give one; `and_more` says that a source names no upper end."""

    low: Decimal
    high: Decimal
    and_more: bool = False

    def __add__(self, other: Span) -> Span:
        return Span(self.low + other.low, self.high + other.high, self.and_more or other.and_more)

    @property
    def is_exact(self) -> bool:
        return self.low == self.high and not self.and_more

    @property
    def middle(self) -> Decimal:
        return (self.low + self.high) / 2


ZERO = Span(NOTHING, NOTHING)


@dataclass(frozen=True, slots=True)
class YearCost:
    """One cost head in one year, the first being 1. `formula` says how the amount came about, `source` from where."""

    year: int
    head: Head
    amount: Span
    formula: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """One way over the years. `years` is how many; each has a row for each head that costs something there."""

    way: Way
    years: int
    rows: tuple[YearCost, ...]

    def of(self, *, head: Head | None = None, year: int | None = None) -> Span:
        """The sum of the rows of a head, of a year, of both, or of everything."""
        found = (row.amount for row in self.rows if head in {None, row.head} and year in {None, row.year})
        return sum(found, start=ZERO)

    @property
    def total(self) -> Span:
        return self.of()


@dataclass(frozen=True, slots=True)
class Basis:
    """What the costs follow from. `assumed` are the assumptions by key; `fee` is that of the tier.

    Without a monthly volume no licence can be told, and no way that needs one has a cost.
    """

    month: int | None
    fee: Decimal
    years: int
    assumed: Mapping[str, Decimal]
    licences: Sequence[LicenceRow]


def costs_of(basis: Basis) -> tuple[Cost, ...]:
    """The ways that can be told, staying first."""
    return tuple(cost for way in Way if (cost := cost_of(way, basis)) is not None)


def cost_of(way: Way, basis: Basis) -> Cost | None:
    """None where nobody has published a licence for the volume of some year, or the volume is unknown."""
    licences = list(_licences(way, basis))
    if len(licences) < basis.years:
        return None
    rows = [row for year in range(1, basis.years + 1) for row in _year(way, year, licences[year - 1], basis)]
    return Cost(way, basis.years, tuple(row for row in rows if row.amount != ZERO))


def volume_in(year: int, basis: Basis) -> int | None:
    """Messages a month in a year: the first one has the stated volume."""
    if basis.month is None:
        return None
    factor = (PERCENT + basis.assumed["volume_growth"]) / PERCENT
    return int(basis.month * factor ** (year - 1))


def break_even(basis: Basis) -> int | None:
    """The least monthly volume, taken flat, from which KumoMTA costs less than PowerMTA by the middle of the ranges.

    Only the licence follows the volume, and it changes only where a row of the price book begins. None where the
    order is the same at every volume of the book, or changes more than once.
    """
    flat = {**basis.assumed, "volume_growth": NOTHING}
    starts = sorted({row.above + 1 for row in basis.licences if row.vendor == Way.POWERMTA and row.above >= 0} | {1})
    told = {
        start: is_cheaper for start in starts if (is_cheaper := _is_kumomta_cheaper(start, flat, basis)) is not None
    }
    if sorted(told.values()) != list(told.values()):
        return None  # cheaper, then dearer again: no single volume divides them
    return next((start for start in told if told[start]), None) if set(told.values()) == {True, False} else None


def _is_kumomta_cheaper(month: int, assumed: Mapping[str, Decimal], basis: Basis) -> bool | None:
    """None where one of the two cannot be told."""
    at = Basis(month, basis.fee, basis.years, assumed, basis.licences)
    power, kumo = cost_of(Way.POWERMTA, at), cost_of(Way.KUMOMTA, at)
    if power is None or kumo is None:
        return None
    return kumo.total.middle < power.total.middle


def _licences(way: Way, basis: Basis) -> Iterator[tuple[Span, str, str]]:
    """Amount, formula and source of the licence of each year; fewer than the years where one cannot be told."""
    for year in range(1, basis.years + 1):
        if way is Way.POSTFIX:
            yield ZERO, "", ""
        elif estimate := estimate_licence(way, volume := volume_in(year, basis), basis.licences):
            formula = f"price book at {volume:,} messages a month"
            yield Span(estimate.low, estimate.high, estimate.and_more), formula, estimate.source


def _year(way: Way, year: int, licence: tuple[Span, str, str], basis: Basis) -> Iterator[YearCost]:
    amount, formula, source = licence
    yield YearCost(year, Head.LICENCE, amount, formula, source)
    if way is not Way.POSTFIX:
        support = basis.assumed[f"support_{way}"]
        yield YearCost(year, Head.SUPPORT, _exact(support), f"USD {support:,} a year", ASSUMED)
    yield _product(year, Head.SERVERS, basis, count=f"servers_{way}", price="server_year", unit="servers")
    yield _product(year, Head.HOURS, basis, count=f"hours_{way}", price="hour_rate", unit="hours")
    if way is not Way.POSTFIX and year == 1:
        yield YearCost(year, Head.MIGRATION, _exact(basis.fee), "the fixed fee of the tier, once", "The quote")


def _product(year: int, head: Head, basis: Basis, *, count: str, price: str, unit: str) -> YearCost:
    number, each = basis.assumed[count], basis.assumed[price]
    return YearCost(year, head, _exact(number * each), f"{number:,f} {unit} at USD {each:,f}", ASSUMED)


def _exact(amount: Decimal) -> Span:
    cents = to_cents(amount)
    return Span(cents, cents)
