"""The pipeline: every open request in the order in which it asks for attention, a page at a time.

A page costs the same number of queries for one request and for hundreds: of all is read where they stand
(`pricing.standings`), the rest only of those that are shown.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch

from engagements.models import Engagement
from pricing.calculation.proposal import work_out
from pricing.clocks import clock_of
from pricing.in_force import book_now
from pricing.models import Call, Quote, Request
from pricing.models.request import AT_INTAKE
from pricing.standings import ORDER, GroupKind, kind_of, newest_out, standings_of
from pricing.tracking import with_tracking

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.core.paginator import Page

    from accounts.models import User
    from core.components import ClockReading
    from pricing.models.request import RequestQuerySet
    from pricing.standings import Standing

SHOWN = ("all", "running", "mine")
PER_PAGE = 50
RUNNING = {GroupKind.LATE, GroupKind.RUNNING}

Phase = Engagement.Phase


HEADINGS = {
    GroupKind.LATE: ("Late", "Due and not sent"),
    GroupKind.RENEWAL: ("A new quote is asked for", "The one that was sent has expired"),
    GroupKind.RUNNING: ("Next to breach", "From the fourth data point until the quote is sent"),
    GroupKind.PAUSED: ("Paused", "The customer reads the reason"),
    GroupKind.WAITING: ("Waiting for data points", "The clock has not started"),
    GroupKind.SENT: ("Quote sent", "The customer's answer is awaited"),
    GroupKind.IDLE: ("Quote no longer open", "Nothing is out"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """An open request with its clock and the quote that is live or has expired, if there is one."""

    request: Request
    clock: ClockReading | None
    quote: Quote | None

    @property
    def kind(self) -> GroupKind:
        return kind_of(self.request, self.quote, self.clock)


@dataclass(frozen=True, slots=True)
class PipelineRow:
    """An entry as sales reads it. `tier` says "so far" while numbers are open."""

    entry: Entry
    tier: str
    missing: str

    @property
    def request(self) -> Request:
        return self.entry.request

    @property
    def clock(self) -> ClockReading | None:
        return self.entry.clock

    @property
    def quote(self) -> Quote | None:
        return self.entry.quote

    @property
    def call(self) -> Call | None:
        """The call that is booked and still to come."""
        calls: list[Call] = self.request.calls_to_come  # type: ignore[attr-defined]  # set by Prefetch below
        return calls[0] if calls else None

    @property
    def opened(self) -> int:
        """How many of those the live quote lies before opened it."""
        return self.quote.opened_count if self.quote else 0  # type: ignore[attr-defined]  # annotated below

    @property
    def asked_at(self) -> datetime:
        """When the customer was last heard."""
        return self.request.changed_at or self.request.created_at


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one kind that stand on this page; `total` counts those on the others as well."""

    kind: GroupKind
    rows: tuple[PipelineRow, ...]
    total: int

    @property
    def title(self) -> str:
        return HEADINGS[self.kind][0]

    @property
    def note(self) -> str:
        return HEADINGS[self.kind][1]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """`counts` are of all open requests, whatever is shown; what is closed is counted alone."""

    groups: tuple[Group, ...]
    page: Page[Standing]
    won: int
    lost: int
    stayed: int
    counts: dict[str, int]

    @property
    def is_empty(self) -> bool:
        return not self.groups


def pipeline(user: User, *, shown: str = "all", page: str | int | None = None) -> Pipeline:
    visible = Request.objects.visible_to(user)
    standings = standings_of(visible.filter(AT_INTAKE))
    kept = [standing for standing in standings if _is_shown(standing, shown, user)]
    found = Paginator(kept, PER_PAGE).get_page(page)
    counts = {name: sum(_is_shown(standing, name, user) for standing in standings) for name in SHOWN}
    groups = _groups(_entries(visible, list(found)), kept)
    return Pipeline(groups=groups, page=found, counts=counts, **_closed(visible))


def running_for(user: User) -> list[tuple[Request, ClockReading]]:
    """Requests of this person whose promise to answer runs or is broken, in the order of the pipeline."""
    owned = Request.objects.visible_to(user).open().promised().filter(owner=user)
    running = {one.request.pk: one.clock for one in standings_of(owned) if one.clock and one.kind in RUNNING}
    requests = owned.select_related("engagement__organization").in_bulk(list(running))
    return [(requests[pk], clock) for pk, clock in running.items() if pk in requests]


def _closed(visible: RequestQuerySet) -> dict[str, int]:
    """Counted by where they stand: asked for each count, the database looks for the quotes again and again."""
    accepted = Quote.objects.filter(engagement=OuterRef("engagement"), state=Quote.State.ACCEPTED)
    rows = visible.exclude(AT_INTAKE).order_by().annotate(is_accepted=Exists(accepted))
    counts = Counter(won=0, lost=0, stayed=0)
    for phase, is_accepted, count in rows.values_list("engagement__phase", "is_accepted").annotate(count=Count("pk")):
        if end := _end_of(phase, is_accepted=is_accepted):
            counts[end] += count
    return dict(counts)


def _end_of(phase: str, *, is_accepted: bool) -> str:
    """By the definitions of the figures: what was accepted and is not void is won, also when it was cancelled later."""
    if phase == Phase.STAYED:
        return "stayed"
    if phase == Phase.DECLINED or (phase == Phase.CANCELLED and not is_accepted):
        return "lost"
    return "won" if is_accepted else ""


def _groups(shown: Sequence[Entry], kept: Iterable[Standing]) -> tuple[Group, ...]:
    totals = Counter(standing.kind for standing in kept)
    return tuple(
        Group(kind, tuple(_row(entry) for entry in entries), totals[kind])
        for kind, entries in groupby(shown, key=lambda entry: entry.kind)
    )


def _entries(visible: RequestQuerySet, standings: Iterable[Standing]) -> list[Entry]:
    """Their rows in the same order; one that moved on meanwhile stands where it stands now."""
    places = {standing.request.pk: number for number, standing in enumerate(standings)}
    entries = [_entry(request) for request in _with_quotes(visible.filter(pk__in=places))]
    return sorted(entries, key=lambda entry: (ORDER[entry.kind], places[entry.request.pk]))


def _with_quotes(requests: RequestQuerySet) -> RequestQuerySet:
    live = newest_out(with_tracking(Quote.objects.defer("snapshot")))
    return (
        requests.with_clock()
        .select_related("engagement__organization", "owner")
        .prefetch_related(
            Prefetch("engagement__quotes", queryset=live, to_attr="live_quotes"),
            Prefetch("calls", queryset=Call.objects.to_come(), to_attr="calls_to_come"),
        )
    )


def _entry(request: Request) -> Entry:
    quotes: list[Quote] = request.engagement.live_quotes  # type: ignore[attr-defined]  # set by Prefetch above
    return Entry(request, clock_of(request), quotes[0] if quotes else None)


def _row(entry: Entry) -> PipelineRow:
    proposal = work_out(entry.request.points, book_now())
    tier = proposal.choice.tier.label if proposal.says_something else "Too little is known"
    if proposal.diagnosis.is_stay:
        tier = "Stay on Postfix"
    elif proposal.says_something and proposal.choice.is_provisional:
        tier = f"{tier}, so far"
    return PipelineRow(entry, tier, ", ".join(entry.request.points.missing))


def _is_shown(standing: Standing, shown: str, user: User) -> bool:
    if shown == "running":
        return standing.kind in RUNNING
    return shown != "mine" or standing.request.owner_id == user.pk
