"""What every ramp of an engagement stands on, read once for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from delivery.held_streams import apart_in
from delivery.models import DiscrepancyCase, Rollback
from delivery.rollback_state import last_drill, open_decisions, reasons_of_drill, words_of_decisions
from delivery.traffic_state import clean_since, open_cases, words_of_cases
from engagements.parts import held_parts

if TYPE_CHECKING:
    from datetime import datetime

    from delivery.models import TriggerDecision
    from delivery.traffic_state import Freshness
    from engagements.models import Engagement, HeldPart


@dataclass(frozen=True, slots=True)
class Ground:
    """`clean` is since when everything is accounted for. `apart` are the parts of streams that have their own ramp."""

    freshness: Freshness
    running: Rollback | None
    drill: Rollback | None
    cases: tuple[DiscrepancyCase, ...]
    decisions: tuple[TriggerDecision, ...]
    clean: datetime | None
    held: tuple[HeldPart, ...]
    apart: frozenset[str]

    @property
    def case_reasons(self) -> list[str]:
        return list(words_of_cases(self.cases))

    @property
    def decision_reasons(self) -> list[str]:
        return list(words_of_decisions(self.decisions))

    @property
    def drill_reasons(self) -> list[str]:
        return list(reasons_of_drill(self.drill))


def ground_of(engagement: Engagement, freshness: Freshness) -> Ground:
    cases = tuple(open_cases(engagement))
    return Ground(
        freshness=freshness,
        running=Rollback.objects.running().filter(engagement=engagement).first(),
        drill=last_drill(engagement),
        cases=cases,
        decisions=tuple(open_decisions(engagement)),
        clean=None if cases else clean_since(engagement, freshness.run, has_open=False),
        held=tuple(held_parts(engagement)),
        apart=apart_in(engagement),
    )
