"""The way back: drills, rollbacks, and the window in which one could go back to Postfix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from delivery.models import Cutover, Decommission, Rollback, TriggerDecision
from delivery.rollback_state import limit
from delivery.watch_state import cutover_done

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from engagements.models import Engagement


@dataclass(frozen=True, slots=True)
class Return:
    """`took` is in seconds, None for one that has not come to its end."""

    number: int
    is_drill: bool
    started_at: datetime
    took: int | None


@dataclass(frozen=True, slots=True)
class WayBack:
    """`limit` are the seconds that were promised. Drills that a real rollback overtook are not among the returns."""

    limit: int
    lowered: int
    returns: Sequence[Return]
    decisions: int
    to_go_back: int
    undecided: int


@dataclass(frozen=True, slots=True)
class Window:
    """Of the cutover that stands. `cutovers` are all that were carried out, `fallen_back` those that were undone."""

    cutovers: int
    fallen_back: int
    days: int | None
    done_at: datetime | None
    ends_at: datetime | None
    closed_at: datetime | None
    decommissioned_at: datetime | None


def way_back_of(engagement: Engagement, lowered: int) -> WayBack:
    """`lowered` is how often a share was set below the one before."""
    rows = Rollback.objects.filter(engagement=engagement, was_overtaken=False).order_by("number")
    decisions = list(TriggerDecision.objects.filter(engagement=engagement).values_list("decision", flat=True))
    return WayBack(
        limit=int(limit().total_seconds()),
        lowered=lowered,
        returns=[_return(row) for row in rows],
        decisions=len(decisions),
        to_go_back=decisions.count(TriggerDecision.Decision.GO_BACK),
        undecided=decisions.count(""),
    )


def _return(row: Rollback) -> Return:
    took = row.took
    return Return(row.number, row.is_drill, row.started_at, int(took.total_seconds()) if took is not None else None)


def window_of(engagement: Engagement) -> Window | None:
    """None before the first cutover was carried out."""
    done = Cutover.objects.filter(engagement=engagement, done_at__isnull=False)
    count, fallen = done.count(), done.filter(fallen_back_at__isnull=False).count()
    if not count:
        return None
    stands = cutover_done(engagement)
    if stands is None:
        return Window(count, fallen, None, None, None, None, None)
    gone = Decommission.objects.filter(cutover=stands).first()
    return Window(
        cutovers=count,
        fallen_back=fallen,
        days=stands.window_days,
        done_at=stands.done_at,
        ends_at=stands.window_ends,
        closed_at=stands.closed_at,
        decommissioned_at=gone.decided_at if gone else None,
    )
