"""Whether another MTA is needed at all, which comes before any target. Discovery asks; pricing, above it, answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from engagements.models import Engagement


@dataclass(frozen=True, slots=True)
class Advice:
    """`explanation` prints the numbers that were used."""

    is_stay: bool
    label: str
    explanation: str


_sources: list[Callable[[Engagement], Advice | None]] = []


def advises(
    source: Callable[[Engagement], Advice | None],
) -> Callable[[Engagement], Advice | None]:
    """Called when the app that knows is ready."""
    _sources.append(source)
    return source


def advice_for(engagement: Engagement) -> Advice | None:
    """None where nobody has diagnosed anything."""
    return next((said for source in _sources if (said := source(engagement))), None)
