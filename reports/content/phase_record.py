"""The record of phases 2 to 5, which the customer signs at their gates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.counting import counted
from engagements.models import Gate
from reports.content import as_content
from reports.content.decided import DoneTask, Override, done_tasks_of, overrides_of
from reports.content.formats import formats
from reports.content.settled import People, Person, questions_of, settled_content, signers_of, time_zone_of


@dataclass(frozen=True, slots=True)
class PhaseFacts:
    """Planned dates, and the day the phase began.

    It ends on the day of the signature, which the receipt tells: in the document that day could only be written after
    the document was signed.
    """

    number: int
    label: str
    planned_start: date | None
    planned_end: date | None
    minimum_weeks: int
    actual_start: date | None


@dataclass(frozen=True, slots=True)
class PhaseRecord:
    format: int
    language: str
    time_zone: str
    code: str
    target: str
    accepts: Sequence[str]
    phase: PhaseFacts
    tasks: Sequence[DoneTask]
    overrides: Sequence[Override]
    questions: Sequence[Any]
    signers: Sequence[Any]
    people: Sequence[Person]


def phase_record_content(gate: Gate) -> dict[str, Any]:
    """What happened in the phase of this gate."""
    settled = settled_content(gate)
    people, phase = People(settled), _phase_facts(gate)
    tasks, overrides = done_tasks_of(gate, people), overrides_of(gate, people)
    questions = questions_of(gate, settled, people, since=phase.actual_start)
    return as_content(
        PhaseRecord(
            format=formats().format,
            language=gate.language,
            time_zone=time_zone_of(gate, settled),
            code=gate.engagement.code,
            target=gate.engagement.get_target_display(),
            accepts=_accepted_by_signing(tasks, overrides),
            phase=phase,
            tasks=tasks,
            overrides=overrides,
            questions=questions,
            signers=signers_of(gate, settled),
            people=people.named(),
        )
    )


def _accepted_by_signing(tasks: Sequence[DoneTask], overrides: Sequence[Override]) -> list[str]:
    accepts = [f"{counted(len(tasks), 'completed task')} with what shows it"] if tasks else []
    if overrides:
        accepts.append(f"{counted(len(overrides), 'check')} passed by decision of the lead")
    return accepts


def _phase_facts(gate: Gate) -> PhaseFacts:
    row = gate.engagement.schedule.filter(number=gate.number).first()
    return PhaseFacts(
        number=gate.number,
        label=gate.label,
        planned_start=row.planned_start if row else None,
        planned_end=row.planned_end if row else None,
        minimum_weeks=row.minimum_weeks if row else 0,
        actual_start=row.actual_start if row else None,
    )
