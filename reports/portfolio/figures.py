"""The figures of the portfolio, worked out from the facts of its engagements."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING

from core.wording import amount_text, number_text, span_text
from pricing.figures import is_enough, share_text
from reports.portfolio.book import Shows, definitions, definitions_of
from reports.portfolio.counted import items_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reports.portfolio.book import Definition
    from reports.portfolio.facts import Facts
    from reports.portfolio.items import Item

NONE_YET = "None yet"


@dataclass(frozen=True, slots=True)
class Figure:
    """`count` is the length of its list, `among` of the list it is a part of; None where it is a part of none."""

    definition: Definition
    count: int
    among: int | None
    text: str

    @property
    def key(self) -> str:
        return self.definition.key

    @property
    def cases(self) -> int:
        """How many cases stand behind it; behind a sum of money those that it is summed up of."""
        is_sum = self.definition.shows is Shows.REFUND
        return self.count if self.among is None or is_sum else self.among

    @property
    def is_publishable(self) -> bool:
        return self.definition.is_public and is_enough(self.cases)


def figure_of(key: str, facts: Facts) -> Figure:
    """Raises KeyError for a figure that does not exist."""
    definition = definitions()[key]
    items = items_of(key, facts)
    wider = items_of(definition.among, facts) if definition.among else []
    among = len(wider) if definition.among else None
    return Figure(definition, len(items), among, _text(definition, items, wider))


def figures_of(group: str, facts: Facts) -> list[Figure]:
    return [figure_of(definition.key, facts) for definition in definitions_of(group)]


def _text(definition: Definition, items: Sequence[Item], wider: Sequence[Item]) -> str:
    if definition.shows is Shows.SPAN:
        return span_of(items)
    if definition.shows is Shows.COUNT:
        return number_text(len(items))
    if definition.shows is Shows.DAYS:
        return f"{number_text(_sum_of(items))} days, of {len(items):,}" if items else NONE_YET
    share = share_text(len(items), len(wider))
    if definition.shows is Shows.REFUND:
        return f"{share}: {refunds_text(items)}" if items else share
    if definition.shows is Shows.MESSAGES:
        return _messages_text(items, wider)
    return share


def span_of(items: Iterable[Item]) -> str:
    """The median with how many it is of."""
    spans = [item.span.total_seconds() for item in items if item.span is not None]
    return f"{span_text(timedelta(seconds=median(spans)))}, of {len(spans):,}" if spans else NONE_YET


def refunds_text(items: Iterable[Item]) -> str:
    """The sum of each currency."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for item in items:
        sums[item.marks["currency"]] += item.number
    return ", ".join(amount_text(total, currency) for currency, total in sorted(sums.items()))


def _sum_of(items: Iterable[Item]) -> Decimal:
    return sum((item.number for item in items), start=Decimal(0))


def _messages_text(items: Sequence[Item], wider: Sequence[Item]) -> str:
    """Of so many messages a percentage would round what is missing away."""
    missing, accepted = _sum_of(items), _sum_of(wider)
    if not wider:
        return NONE_YET
    return f"{number_text(missing)} of {number_text(accepted)}, in {len(items):,} of {len(wider):,} engagements"
