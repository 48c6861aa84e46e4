"""The pipeline: every request with what is known, what it would cost, and how long the promise still runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accounts.permissions import ROLE_PERMISSIONS, Permission, consultancy_role
from engagements.models import Engagement
from pricing.calculation.proposal import work_out
from pricing.clocks import clock_of
from pricing.in_force import book_now
from pricing.models import Call, Quote, Request
from pricing.moves import LIVE

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from core.components import ClockReading
    from pricing.models.request import RequestQuerySet

SHOWN = ("all", "running", "mine")


@dataclass(frozen=True, slots=True)
class PipelineRow:
    """One request as sales sees it. `quote` is the live one, if any; `verdict` says "so far" while numbers are open."""

    request: Request
    clock: ClockReading | None
    tier: str
    missing: str
    quote: Quote | None

    @property
    def call(self) -> Call | None:
        """The call that is booked and still to come."""
        calls: list[Call] = self.request.calls_to_come  # type: ignore[attr-defined]  # set by Prefetch below
        return calls[0] if calls else None

    @property
    def due_at(self) -> datetime | None:
        return self.clock.due_at if self.clock else None

    @property
    def is_late(self) -> bool:
        return self.clock is not None and self.clock.is_late


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The groups in the order in which they ask for attention. `counts` are of all requests, whatever is shown."""

    running: tuple[PipelineRow, ...]
    waiting: tuple[PipelineRow, ...]
    sent: tuple[PipelineRow, ...]
    answered: tuple[PipelineRow, ...]
    won: int
    lost: int
    stayed: int
    counts: dict[str, int]

    @property
    def is_empty(self) -> bool:
        return not (self.running or self.waiting or self.sent or self.answered)


def pipeline(user: User, *, shown: str = "all") -> Pipeline:
    """Open requests by time left, what breaks the promise first on top; the closed ones as counts."""
    visible = Request.objects.visible_to(user)
    rows = [_row(request) for request in _with_quotes(visible.open())]
    kept = [row for row in rows if _is_shown(row, shown, user)]
    running = [row for row in kept if row.request.is_clock_running]
    sent = [row for row in kept if row.quote and row.quote.state == Quote.State.SENT]
    waiting = [row for row in kept if not row.request.complete_at]
    rest = [row for row in kept if row not in running and row not in sent and row not in waiting]
    phases = list(visible.exclude(engagement__phase="intake").values_list("engagement__phase", flat=True))
    lost = {Engagement.Phase.DECLINED, Engagement.Phase.CANCELLED}
    return Pipeline(
        running=tuple(sorted(running, key=lambda row: (row.due_at or timezone.now(), row.request.pk))),
        waiting=tuple(sorted(waiting, key=lambda row: (-row.request.known_points, row.request.created_at))),
        sent=tuple(sorted(sent, key=lambda row: (row.quote.valid_until, row.request.pk) if row.quote else ())),
        answered=tuple(rest),
        won=sum(phase not in lost and phase != Engagement.Phase.STAYED for phase in phases),
        lost=sum(phase in lost for phase in phases),
        stayed=sum(phase == Engagement.Phase.STAYED for phase in phases),
        counts={name: sum(_is_shown(row, name, user) for row in rows) for name in SHOWN},
    )


def _with_quotes(requests: RequestQuerySet) -> RequestQuerySet:
    live = Quote.objects.filter(state__in=LIVE).defer("snapshot")
    return (
        requests.with_clock()
        .select_related("engagement__organization", "owner")
        .prefetch_related(
            Prefetch("engagement__quotes", queryset=live, to_attr="live_quotes"),
            Prefetch("calls", queryset=Call.objects.to_come(), to_attr="calls_to_come"),
        )
    )


def _row(request: Request) -> PipelineRow:
    proposal = work_out(request.points, book_now())
    tier = proposal.choice.tier.label if proposal.says_something else "Too little is known"
    if proposal.diagnosis.is_stay:
        tier = "Stay on Postfix"
    elif proposal.says_something and proposal.choice.is_provisional:
        tier = f"{tier}, so far"
    quotes: list[Quote] = request.engagement.live_quotes  # type: ignore[attr-defined]  # set by Prefetch above
    return PipelineRow(
        request, clock_of(request), tier, ", ".join(request.points.missing), quotes[0] if quotes else None
    )


def _is_shown(row: PipelineRow, shown: str, user: User) -> bool:
    if shown == "running":
        return row.request.is_clock_running
    return shown != "mine" or row.request.owner_id == user.pk


def quotes_read_by(user: User) -> QuerySet[Quote]:
    """Every quote this person may read: of whichever customers, by their role at each."""
    visible: QuerySet[Quote] = Quote.objects.visible_to(user)
    roles = [role for role, permissions in ROLE_PERMISSIONS.items() if Permission.VIEW_QUOTE in permissions]
    if consultancy_role(user) in roles:
        return visible
    own = user.memberships.filter(role__in=roles).values("organization")
    return visible.filter(engagement__organization__in=own)
