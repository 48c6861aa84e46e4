"""Where each open request stands in the pipeline, told of a few columns: no row is made of what only has its place.

The clock is read of those alone whose place hangs on it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone

from pricing.calculation.working_hours import NOTHING
from pricing.clocks import Promise, read_clock
from pricing.holds import holds_in, moves_of_holds
from pricing.models import Pause, Quote
from pricing.models.quote import is_renewal_awaited
from pricing.moves import LIVE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from django.db.models import QuerySet

    from core.components import ClockReading
    from engagements.models import Transition
    from pricing.models import Request
    from pricing.models.request import RequestQuerySet

Place = tuple[int, "timedelta", "datetime", int]


class GroupKind(StrEnum):
    """In the order in which the groups ask for attention."""

    LATE = "late"
    RENEWAL = "renewal"
    RUNNING = "running"
    PAUSED = "paused"
    WAITING = "waiting"
    SENT = "sent"
    IDLE = "idle"


ORDER = {kind: number for number, kind in enumerate(GroupKind)}


class RequestTold(NamedTuple):
    pk: int
    engagement_id: int
    owner_id: int
    created_at: datetime
    complete_at: datetime | None
    answered_at: datetime | None


class QuoteTold(NamedTuple):
    state: str
    valid_until: datetime | None
    renewal_asked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    request: RequestTold
    kind: GroupKind
    place: Place
    clock: ClockReading | None


def newest_out(quotes: QuerySet[Quote]) -> QuerySet[Quote]:
    """What a request waits for, or waited for: of each engagement the first of these, the newest."""
    return quotes.filter(state__in=[*LIVE, Quote.State.EXPIRED]).order_by("-pk")


def kind_of(request: Request | RequestTold, quote: Quote | QuoteTold | None, clock: ClockReading | None) -> GroupKind:
    """The clock tells it last, and is None before it started."""
    if quote and (awaited := _awaited(quote)):
        return awaited
    if request.answered_at is not None:
        return GroupKind.IDLE
    if clock is None:
        return GroupKind.WAITING
    if clock.is_late:
        return GroupKind.LATE
    return GroupKind.PAUSED if clock.pause else GroupKind.RUNNING


def _awaited(quote: Quote | QuoteTold) -> GroupKind | None:
    if is_renewal_awaited(quote.state, quote.renewal_asked_at):
        return GroupKind.RENEWAL
    return GroupKind.SENT if quote.state == Quote.State.SENT else None


def standings_of(requests: RequestQuerySet) -> list[Standing]:
    """In the order in which they ask for attention, by four queries whatever their number, and one for none."""
    every, now = requests.order_by(), timezone.now()
    promised = every.filter(complete_at__isnull=False, answered_at=None)
    rows = list(every.values_list(*RequestTold._fields))
    if not rows:
        return []
    quotes, pauses, holds = _quotes(every), _pauses(promised), _holds(promised)

    def standing(request: RequestTold) -> Standing:
        quote = quotes.get(request.engagement_id)
        moves = holds.get(request.engagement_id, ())
        clock = None if quote and _awaited(quote) else _clock(request, pauses.get(request.pk, ()), moves, now)
        kind = kind_of(request, quote, clock)
        return Standing(request, kind, _place(request, quote, kind, clock), clock)

    return sorted((standing(RequestTold(*row)) for row in rows), key=lambda found: found.place)


def _clock(
    request: RequestTold, pauses: Sequence[Pause], moves: Sequence[Transition], now: datetime
) -> ClockReading | None:
    """None where it stands for good, or has not started."""
    if request.complete_at is None or request.answered_at is not None:
        return None
    return read_clock(Promise(request.complete_at), pauses, holds_in(moves), now)


def _place(request: RequestTold, quote: QuoteTold | None, kind: GroupKind, clock: ClockReading | None) -> Place:
    """The group, then the least time left; without a clock those who wait longest for an answer."""
    until = (quote.renewal_asked_at or quote.valid_until) if quote else None
    return ORDER[kind], clock.left if clock else NOTHING, until or request.created_at, request.pk


def _quotes(requests: RequestQuerySet) -> dict[int, QuoteTold]:
    """By engagement."""
    rows = newest_out(Quote.objects.filter(engagement__in=requests.values("engagement")))
    newest = rows.order_by("engagement_id", "-pk").distinct("engagement_id")
    told = newest.values_list("engagement_id", *QuoteTold._fields)
    return {engagement: QuoteTold(*facts) for engagement, *facts in told}


def _pauses(requests: RequestQuerySet) -> dict[int, list[Pause]]:
    """By request, in their order."""
    found: dict[int, list[Pause]] = defaultdict(list)
    for pause in Pause.objects.filter(request__in=requests.values("pk")):
        found[pause.request_id].append(pause)
    return found


def _holds(requests: RequestQuerySet) -> dict[int, list[Transition]]:
    """The moves by engagement, in their order."""
    found: dict[int, list[Transition]] = defaultdict(list)
    for move in moves_of_holds().filter(engagement__in=requests.values("engagement")):
        found[move.engagement_id].append(move)
    return found
