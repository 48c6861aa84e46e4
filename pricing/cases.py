"""What became of each request, for the figures of sales: facts of one request, told without a query of its own."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Prefetch

from engagements.models import Engagement
from pricing.calculation.diagnosis import BAND_LABELS
from pricing.calculation.proposal import work_out
from pricing.clocks import clock_of, time_to_answer
from pricing.domain.decline_quote import decline_reasons
from pricing.domain.explain_delay import late_reasons
from pricing.holds import with_holds
from pricing.in_force import book_at
from pricing.models import ClockNotice, Quote
from pricing.models.quote import has_run_out

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from pricing.models import Request
    from pricing.models.request import RequestQuerySet

Phase = Engagement.Phase
UNKNOWN_FIT = "Too little was known"
NOT_SAID = "Not said yet"
_COUNTED = ("created_at", "complete_at", "answered_at", "engagement__phase", "engagement__phase_before_hold")


class Outcome(StrEnum):
    """Each request has exactly one."""

    WON = "won"
    DECLINED = "declined"
    EXPIRED = "expired"
    STAYED = "stayed"
    CANCELLED = "cancelled"
    OPEN = "open"


class QuoteEnd(NamedTuple):
    """What a case asks of a quote. A quote itself has more columns than a figure over hundreds of them can pay for."""

    state: str
    sent_at: datetime | None
    valid_until: datetime | None
    decline_reason: str


@dataclass(frozen=True)
class Case:
    """A request as `cases_of()` fetches it, with its quotes, the newest first.

    `breach` is what told that the promise was broken.
    """

    request: Request
    quotes: tuple[QuoteEnd, ...] = ()
    breach: ClockNotice | None = None

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
        return last is not None and has_run_out(last.state, last.valid_until)

    @property
    def is_lost(self) -> bool:
        return self.outcome in {Outcome.DECLINED, Outcome.CANCELLED}

    @cached_property
    def is_late(self) -> bool:
        """Whether the promise was broken: told then, or seen now where nobody has been told yet."""
        if self.breach is not None:
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

    @cached_property
    def time_to_quote(self) -> timedelta | None:
        return time_to_answer(self.request) if self.is_quoted else None

    @property
    def late_owner(self) -> str:
        """Whom the request belonged to when its clock ran out."""
        return str(self.breach.owner if self.breach else self.request.owner)

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
    return _cases(requests, requests.select_related("engagement__organization", "owner", "late_reason"))


def counted_cases_of(requests: RequestQuerySet) -> list[Case]:
    """As `cases_of`, for figures that count: whose a request was, and what it said, are not read."""
    return _cases(requests, requests.select_related("engagement").only(*_COUNTED))


def _cases(requests: RequestQuerySet, rows: RequestQuerySet) -> list[Case]:
    quotes, breaches = _quotes(requests), _breaches(requests)
    pauses = Prefetch("pauses", to_attr="told_pauses")
    return [
        Case(request, tuple(quotes.get(request.engagement_id, ())), breaches.get(request.pk))
        for request in rows.prefetch_related(pauses, with_holds("engagement__transitions"))
    ]


def _quotes(requests: RequestQuerySet) -> dict[int, list[QuoteEnd]]:
    """By engagement."""
    found: dict[int, list[QuoteEnd]] = defaultdict(list)
    rows = Quote.objects.filter(engagement__in=requests.order_by().values("engagement")).order_by("-pk")
    for engagement, *told in rows.values_list("engagement", *QuoteEnd._fields):
        found[engagement].append(QuoteEnd(*told))
    return found


def _breaches(requests: RequestQuerySet) -> dict[int, ClockNotice]:
    """By request."""
    told = ClockNotice.objects.filter(request__in=requests.order_by().values("pk"), kind=ClockNotice.Kind.BREACH)
    return {notice.request_id: notice for notice in told.select_related("owner")}
