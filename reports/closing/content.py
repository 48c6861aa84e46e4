"""What a close report says, as the records stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engagements.models import Engagement
from engagements.steps import OVER
from pricing.in_force import book_now
from pricing.models import Quote
from reports.closing.course import GateKept, PhaseKept, gates_of, phases_of
from reports.closing.mail import Mail, Streams, mail_of, streams_of
from reports.closing.people import Granted, Runbooks, Training, granted_of, runbooks_of, training_of
from reports.closing.returns import WayBack, Window, way_back_of, window_of
from reports.closing.watching import WatchKept, watch_of
from reports.content import as_content
from reports.content.offer import Offer, accepted_offer
from reports.content.settled import People
from reports.portfolio.records import facts_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from reports.portfolio.facts import EngagementFacts

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Quoted:
    """How long the quote took after the request was complete, in seconds; None where no record tells it."""

    promised_hours: int
    took: int | None
    was_late: bool | None


@dataclass(frozen=True, slots=True)
class CloseReport:
    """`agreements` is how many quotes were accepted: the last one counts. `percent_from` cases make a percentage."""

    format: int
    language: str
    time_zone: str
    code: str
    target: str
    phase: str
    is_over: bool
    ended_at: datetime | None
    percent_from: int
    offer: Offer | None
    agreements: int
    quoted: Quoted
    phases: Sequence[PhaseKept]
    gates: Sequence[GateKept]
    streams: Streams
    mail: Mail | None
    way_back: WayBack
    window: Window | None
    watch: WatchKept | None
    runbooks: Runbooks
    training: Training
    granted: Sequence[Granted]


def close_content(engagement: Engagement, language: str) -> dict[str, Any]:
    """The same records give the same content, whenever it is asked for."""
    [facts] = facts_of(Engagement.objects.filter(pk=engagement.pk))
    phases = phases_of(engagement)
    return as_content(
        CloseReport(
            **_opening(engagement, facts, language),
            offer=accepted_offer(engagement, People({})),
            agreements=Quote.objects.filter(engagement=engagement, accepted_at__isnull=False).count(),
            quoted=_quoted(facts),
            phases=phases,
            gates=gates_of(facts, phases, engagement.last_phase),
            streams=streams_of(engagement),
            mail=mail_of(engagement),
            way_back=way_back_of(engagement, facts.traffic.falls),
            window=window_of(engagement),
            watch=watch_of(engagement),
            runbooks=runbooks_of(engagement),
            training=training_of(engagement),
            granted=granted_of(engagement),
        )
    )


def _opening(engagement: Engagement, facts: EngagementFacts, language: str) -> dict[str, Any]:
    """How it is written, what about, and where that stands."""
    return {
        "format": FORMAT,
        "language": language,
        "time_zone": engagement.organization.time_zone,
        "code": engagement.code,
        "target": engagement.get_target_display() if engagement.target else "",
        "phase": str(Engagement.Phase(engagement.phase).label),
        "is_over": engagement.phase in OVER,
        "ended_at": _ended_at(facts),
        "percent_from": int(book_now().thresholds["percent_from"]),
    }


def _ended_at(facts: EngagementFacts) -> datetime | None:
    last = facts.moves[-1] if facts.moves else None
    return last.at if last and last.after in OVER else None


def _quoted(facts: EngagementFacts) -> Quoted:
    hours, case = int(book_now().thresholds["answer_hours"]), facts.case
    took = case.time_to_quote if case else None
    if case is None or took is None:
        return Quoted(hours, None, None)
    return Quoted(hours, int(took.total_seconds()), case.is_late)
