"""What the practice advised before, beside its advice: of one day, so that other engagements make no plan stale."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from discovery.statistics import portfolio_statistics
from engagements.content import OUT
from engagements.today import today_of
from reports.content import as_content

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engagements.models import Gate

HOLDS_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Counted:
    label: str
    text: str
    definition: str


@dataclass(frozen=True, slots=True)
class Statistics:
    day: str
    rows: Sequence[Counted]


def statistics_content(gate: Gate) -> Any:
    """Those of the newest document of the gate while they are young or it is out for signature, else those of today."""
    today = today_of(gate.engagement)
    document = gate.current_document
    printed = document.snapshot.get("statistics") if document else None
    is_out = gate.state in OUT
    if is_out or (printed and today - date.fromisoformat(printed["day"]) < HOLDS_FOR):
        return printed
    rows = [Counted(row.label, row.text, row.definition) for row in portfolio_statistics()]
    return as_content(Statistics(today.isoformat(), rows))
