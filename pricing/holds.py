"""When an engagement was on hold: every promise stands still meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Prefetch

from engagements.models import Transition
from pricing.calculation.clock import Interval

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from engagements.models import Engagement

ON_HOLD = "The engagement is on hold."


def with_holds(path: str) -> Prefetch[str]:
    """Fetch the holds of the engagement along, for lists; the path leads to its transitions."""
    return Prefetch(path, queryset=_moves(), to_attr="holds")


def holds_of(engagement: Engagement) -> list[Interval]:
    """In order; one that lasts has no end. A query, unless they were fetched along."""
    holds: list[Interval] = []
    for move in _moves_of(engagement):
        if move.step == "hold":
            holds.append(Interval(move.at))
        elif holds:
            holds[-1] = Interval(holds[-1].start, move.at)
    return holds


def _moves_of(engagement: Engagement) -> list[Transition]:
    fetched: list[Transition] | None = getattr(engagement, "holds", None)
    return list(_moves().filter(engagement=engagement)) if fetched is None else fetched


def _moves() -> QuerySet[Transition]:
    return Transition.objects.filter(gate=None, step__in=["hold", "resume"]).order_by("pk")
