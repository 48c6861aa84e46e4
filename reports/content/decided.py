"""What people did and decided at a gate, with their names as the document calls them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engagements.gates import checks_of
from engagements.models import Gate
from reports.content.settled import People


@dataclass(frozen=True, slots=True)
class DoneTask:
    title: str
    party: str
    evidence: str
    done_by: str
    done_at: datetime


@dataclass(frozen=True, slots=True)
class Override:
    """A system check that did not hold and was let pass, with what it said."""

    check: str
    said: Sequence[str]
    reason: str
    by: str
    at: datetime


def done_tasks_of(gate: Gate, people: People) -> list[DoneTask]:
    """Completed tasks in the order of the gate. Open ones are no fact of the phase and are left out."""
    rows = gate.tasks.exclude(done_at=None).select_related("done_by").order_by("position", "pk")
    return [
        DoneTask(row.title, row.party, row.evidence, people.name_of(row.done_by), row.done_at)
        for row in rows
        if row.done_at
    ]


def overrides_of(gate: Gate, people: People) -> list[Override]:
    titles = {check.key: check.title for check in checks_of(gate.number)}
    return [
        Override(
            check=titles.get(row.check_key, row.check_key),
            said=tuple(row.said),
            reason=row.reason,
            by=people.name_of(row.overridden_by),
            at=row.overridden_at,
        )
        for row in gate.overrides.select_related("overridden_by").order_by("pk")
    ]
