"""What is planned: the weeks, and which party owes which task."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from engagements.models import Engagement, GateTask, SchedulePhase
from engagements.schedule import PARALLEL, PlannedPhase, warnings
from engagements.steps import PHASE_LABELS

_ANSWERS_A_SIGNER = "change-request-"


@dataclass(frozen=True, slots=True)
class PhaseRow:
    number: int
    label: str
    start: date
    end: date
    days: int
    minimum_weeks: int
    is_parallel: bool


@dataclass(frozen=True, slots=True)
class Schedule:
    """The planned weeks. Actual dates are not part of a plan: they move while it is carried out."""

    phases: Sequence[PhaseRow] = field(default_factory=tuple)
    warnings: Sequence[str] = field(default_factory=tuple)


def schedule_of(engagement: Engagement) -> Schedule:
    rows = list(engagement.schedule.order_by("number"))
    planned = [PlannedPhase(row.number, row.planned_start, row.planned_end, row.minimum_weeks) for row in rows]
    return Schedule(tuple(_phase_row(row) for row in rows), tuple(warnings(planned)))


def _phase_row(row: SchedulePhase) -> PhaseRow:
    return PhaseRow(
        number=row.number,
        label=row.label,
        start=row.planned_start,
        end=row.planned_end,
        days=row.planned_days,
        minimum_weeks=row.minimum_weeks,
        is_parallel=row.number == PARALLEL,
    )


@dataclass(frozen=True, slots=True)
class Duty:
    phase: int
    label: str
    task: str
    explanation: str
    party: str


def duties_of(engagement: Engagement) -> list[Duty]:
    """Every task of the five gates with the party that owes it."""
    tasks = GateTask.objects.filter(gate__engagement=engagement).exclude(key__startswith=_ANSWERS_A_SIGNER)
    tasks = tasks.filter(condition=None)  # set by the signature on this very document, so never part of it
    rows = tasks.select_related("gate").order_by("gate__number", "position", "pk")
    return [Duty(row.gate.number, PHASE_LABELS[row.gate.number], row.title, row.explanation, row.party) for row in rows]
