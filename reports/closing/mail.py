"""Mail: what the newest reconciliation accounts for, what became of its cases, and which streams moved."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from delivery.models import DiscrepancyCase
from delivery.traffic_state import newest_run
from discovery.models import Stream

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from engagements.models import Engagement

OPEN = "open"


@dataclass(frozen=True, slots=True)
class Mail:
    """Messages to one recipient each, as the newest reconciliation of all kept logs has them.

    `cases` are counts by state and verdict, "open" for those that nobody closed.
    """

    run: int
    covered_from: datetime | None
    covered_to: datetime | None
    recipients: int | None
    matched: int | None
    missing: int | None
    duplicate: int | None
    ambiguous: int | None
    cases: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Staying:
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Streams:
    known: int
    migrating: int
    undecided: int
    staying: Sequence[Staying]


def mail_of(engagement: Engagement) -> Mail | None:
    """None where logs were never held against each other."""
    run = newest_run(engagement)
    if run is None:
        return None
    states: Mapping[str, int] = run.report.get("states", {})
    return Mail(
        run=run.number,
        covered_from=run.covered_from,
        covered_to=run.covered_to,
        recipients=run.report.get("recipients"),
        **{name: states.get(name) for name in ("matched", "missing", "duplicate", "ambiguous")},
        cases=_cases(engagement),
    )


def _cases(engagement: Engagement) -> dict[str, dict[str, int]]:
    cases: dict[str, Counter[str]] = {}
    for case in DiscrepancyCase.objects.filter(engagement=engagement).order_by("number"):
        cases.setdefault(case.state, Counter())[case.verdict or OPEN] += 1
    return {state: dict(verdicts) for state, verdicts in cases.items()}


def streams_of(engagement: Engagement) -> Streams:
    rows = list(Stream.objects.filter(engagement=engagement).exclude(state=Stream.State.REMOVED).order_by("number"))
    routes = Counter(row.route for row in rows)
    return Streams(
        known=len(rows),
        migrating=routes[Stream.Route.MIGRATE],
        undecided=routes[Stream.Route.UNDECIDED],
        staying=[Staying(row.name, row.route_reason) for row in rows if row.route == Stream.Route.STAY],
    )
