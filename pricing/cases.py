"""What became of each request, for the figures of sales: facts of one request, told without a query of its own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from engagements.models import Engagement
from pricing.calculation.diagnosis import BAND_LABELS
from pricing.calculation.proposal import work_out
from pricing.clocks import clock_of, time_to_answer
from pricing.domain.decline_quote import decline_reasons
from pricing.domain.explain_delay import late_reasons
from pricing.in_force import book_at
from pricing.models import ClockNotice, Quote

if TYPE_CHECKING:
    from datetime import timedelta

    from pricing.models import Request
    from pricing.models.request import RequestQuerySet

Phase = Engagement.Phase
UNKNOWN_FIT = "Too little was known"
NOT_SAID = "Not said yet"


class Outcome(StrEnum):
    """Each request has exactly one."""

    WON = "won"
    DECLINED = "declined"
    EXPIRED = "expired"
    STAYED = "stayed"
    CANCELLED = "cancelled"
    OPEN = "open"


@dataclass(frozen=True)
class Case:
    """A request that was fetched by `cases_of()`."""

    request: Request

    @property
    def quotes(self) -> list[Quote]:
        """The newest first."""
        return self.request.engagement.told_quotes  # type: ignore[attr-defined,no-any-return]  # set by cases_of()

    @property
    def is_quoted(self) -> bool:
        return any(quote.sent_at for quote in self.quotes)

    @cached_property
    def outcome(self) -> Outcome:
        engagement, states = self.request.engagement, {quote.state for quote in self.quotes}
        ends = {Phase.STAYED: Outcome.STAYED, Phase.DECLINED: Outcome.DECLINED}
        if engagement.phase in ends:
            return ends[Phase(engagement.phase)]
        if Quote.State.ACCEPTED in states:
            return Outcome.WON
        if engagement.phase == Phase.CANCELLED:
            return Outcome.CANCELLED
        return Outcome.EXPIRED if self._is_expired else Outcome.OPEN

    @property
    def _is_expired(self) -> bool:
        last = self.quotes[0] if self.quotes else None
        return last is not None and (
            last.state == Quote.State.EXPIRED or (last.state == Quote.State.SENT and last.is_expired)
        )

    @property
    def is_lost(self) -> bool:
        return self.outcome in {Outcome.DECLINED, Outcome.CANCELLED}

    @cached_property
    def is_late(self) -> bool:
        """Whether the promise was broken: told then, or seen now where nobody has been told yet."""
        if self._breach is not None:
            return True
        reading = clock_of(self.request)
        if reading is None or not (reading.is_stopped or self._is_at_intake):
            return False
        return reading.is_broken

    @property
    def _is_at_intake(self) -> bool:
        engagement = self.request.engagement
        held_at = engagement.phase_before_hold if engagement.phase == Phase.ON_HOLD else ""
        return Phase.INTAKE in {engagement.phase, held_at}

    @property
    def is_judged(self) -> bool:
        return self.request.answered_at is not None or self.is_late

    @property
    def time_to_quote(self) -> timedelta | None:
        return time_to_answer(self.request) if self.is_quoted else None

    @property
    def _breach(self) -> ClockNotice | None:
        notices = self.request.clock_notices.all()
        return next((notice for notice in notices if notice.kind == ClockNotice.Kind.BREACH), None)

    @property
    def late_owner(self) -> str:
        """Whom the request belonged to when its clock ran out."""
        return str(self._breach.owner if self._breach else self.request.owner)

    @property
    def late_reason(self) -> str:
        said = getattr(self.request, "late_reason", None)
        return dict(late_reasons()).get(said.key, said.key) if said else NOT_SAID

    @property
    def lost_reason(self) -> str:
        """Of the customer's list, or in what other way it ended."""
        declined = next((quote for quote in self.quotes if quote.state == Quote.State.DECLINED), None)
        if declined is not None:
            return dict(decline_reasons()).get(declined.decline_reason, declined.decline_reason)
        is_void = any(quote.state == Quote.State.VOIDED for quote in self.quotes)
        return "The acceptance is void" if is_void else "The engagement was cancelled"

    @cached_property
    def fit(self) -> str:
        """The verdict on its data points by the thresholds of the day it was recorded."""
        proposal = work_out(self.request.points, book_at(self.request.created_at))
        return BAND_LABELS[proposal.diagnosis.band] if proposal.says_something else UNKNOWN_FIT


def cases_of(requests: RequestQuerySet) -> list[Case]:
    """In the same number of queries whatever their number."""
    quotes = Quote.objects.order_by("-pk").defer("snapshot")
    notices = ClockNotice.objects.select_related("owner")
    rows = requests.with_clock().select_related("engagement__organization", "owner", "late_reason")
    return [
        Case(request)
        for request in rows.prefetch_related(
            Prefetch("engagement__quotes", queryset=quotes, to_attr="told_quotes"),
            Prefetch("clock_notices", queryset=notices),
        )
    ]
