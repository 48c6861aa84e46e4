"""Shape and rules of a plan in weeks. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.counting import counted
from core.shares import share_text
from engagements.steps import PHASE_LABELS

PARALLEL, CUTOVER, MONITORING = 3, 4, 5  # the numbers of these phases
USUAL_PARALLEL_SHARE = (0.30, 0.50)


@dataclass(frozen=True, slots=True)
class PlannedPhase:
    """Dates of one phase; `end` is its last day. `minimum_weeks` is 0 where the tier sets none."""

    number: int
    start: date
    end: date
    minimum_weeks: int = 0

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


def refusals(phases: Sequence[PlannedPhase]) -> list[str]:
    """Why a plan may not be kept; empty when it may."""
    return [
        f"{PHASE_LABELS[phase.number]} may not be planned shorter than {phase.minimum_weeks} weeks: "
        f"this plan gives it {counted(phase.days, 'day')}."
        for phase in phases
        if phase.days < phase.minimum_weeks * 7 or phase.days < 1
    ]


def warnings(phases: Sequence[PlannedPhase]) -> list[str]:
    """What a plan makes one think twice about. Parallel delivery is compared with the time up to the cutover."""
    parallel = sum(phase.days for phase in phases if phase.number == PARALLEL)
    work = [phase for phase in phases if phase.number < MONITORING]
    if not parallel:
        return []
    whole = (max(phase.end for phase in work) - min(phase.start for phase in work) + timedelta(days=1)).days
    low, high = USUAL_PARALLEL_SHARE
    if low <= parallel / whole <= high:
        return []
    return [
        (
            f"Parallel delivery takes {parallel} of {whole} days up to the cutover "
            f"({share_text(parallel / whole, 0)}); {100 * low:.0f} to {share_text(high, 0)} is usual. "
            "It cannot be shortened to gain time."
        )
    ]
