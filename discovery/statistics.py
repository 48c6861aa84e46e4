"""What this practice has advised before, shown beside its advice. Discovery asks; pricing, above it, answers.

It is a statistic and never an input: nothing in `discovery.selection` imports it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Statistic:
    """`count` of `of` engagements, with what exactly was counted. `text` adds a percentage where there are enough."""

    key: str
    label: str
    count: int
    of: int
    definition: str
    text: str


_sources: list[Callable[[], list[Statistic]]] = []


def counts_portfolio(source: Callable[[], list[Statistic]]) -> Callable[[], list[Statistic]]:
    """Called when the app that knows is ready."""
    _sources.append(source)
    return source


def portfolio_statistics() -> list[Statistic]:
    return [statistic for source in _sources for statistic in source()]
