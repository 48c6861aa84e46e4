"""Phases and gates: the days that were planned against those that came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from engagements.models import Engagement
    from reports.portfolio.facts import EngagementFacts, GateFacts

SENT, SENT_BACK = "submit_gate", frozenset({"request_changes", "reopen_gate", "revoke_gate"})


@dataclass(frozen=True, slots=True)
class PhaseKept:
    """Days of the calendar, the first and the last included. `actual_days` is None until the phase ended."""

    number: int
    label: str
    planned_start: date
    planned_end: date
    planned_days: int
    actual_start: date | None
    actual_end: date | None
    actual_days: int | None


@dataclass(frozen=True, slots=True)
class GateKept:
    """`promised_on` is the last planned day of its phase. Times are seconds, and None unless the gate is signed."""

    number: int
    label: str
    promised_on: date | None
    signed_at: datetime | None
    sent: int
    sent_back: int
    time_to_sign: int | None
    waited_consultancy: int | None
    waited_customer: int | None


def phases_of(engagement: Engagement) -> list[PhaseKept]:
    """Those that were agreed and have planned dates."""
    rows = engagement.schedule.filter(number__lte=engagement.last_phase).order_by("number")
    return [
        PhaseKept(
            number=row.number,
            label=row.label,
            planned_start=row.planned_start,
            planned_end=row.planned_end,
            planned_days=row.planned_days,
            actual_start=row.actual_start,
            actual_end=row.actual_end,
            actual_days=(row.actual_end - row.actual_start).days + 1 if row.actual_start and row.actual_end else None,
        )
        for row in rows
    ]


def gates_of(facts: EngagementFacts, phases: Sequence[PhaseKept], last: int) -> list[GateKept]:
    promised = {phase.number: phase.planned_end for phase in phases}
    return [_gate(gate, promised.get(gate.number)) for gate in facts.gates if gate.number <= last]


def _gate(gate: GateFacts, promised_on: date | None) -> GateKept:
    is_signed, took = gate.signed_at is not None, gate.time_to_sign
    return GateKept(
        number=gate.number,
        label=gate.label.partition(", ")[2],
        promised_on=promised_on,
        signed_at=gate.signed_at,
        sent=sum(move.step == SENT for move in gate.moves),
        sent_back=sum(move.step in SENT_BACK for move in gate.moves),
        time_to_sign=int(took.total_seconds()) if took is not None else None,
        waited_consultancy=_seconds(gate, "consultancy") if is_signed else None,
        waited_customer=_seconds(gate, "customer") if is_signed else None,
    )


def _seconds(gate: GateFacts, party: str) -> int:
    return int(gate.waited(party).total_seconds())
