"""When an engagement was on hold: every promise stands still meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Prefetch

from engagements.models import Transition
from pricing.calculation.clock import Interval

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from engagements.models import Engagement

ON_HOLD = "The engagement is on hold."


def with_holds(path: str) -> Prefetch[str]:
    """Fetch the holds of the engagement along, for lists; the path leads to its transitions."""
    return Prefetch(path, queryset=moves_of_holds(), to_attr="holds")


def holds_of(engagement: Engagement) -> list[Interval]:
    """In order; one that lasts has no end. A query, unless they were fetched along."""
    return holds_in(_moves_of(engagement))


def holds_in(moves: Iterable[Transition]) -> list[Interval]:
    """Of the moves of one engagement, in their order."""
    holds: list[Interval] = []
    for move in moves:
        if move.step == "hold":
            holds.append(Interval(move.at))
        elif holds:
            holds[-1] = Interval(holds[-1].start, move.at)
    return holds


def _moves_of(engagement: Engagement) -> list[Transition]:
    fetched: list[Transition] | None = getattr(engagement, "holds", None)
    return list(moves_of_holds().filter(engagement=engagement)) if fetched is None else fetched


def moves_of_holds() -> QuerySet[Transition]:
    return Transition.objects.filter(gate=None, step__in=["hold", "resume"]).order_by("pk")
