"""When the mail moves, by the planned phases: the steps of the ramp, the day of 100 %, the end of the watch. Pure.

Every page that names such a day asks here, so that no two of them differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from delivery.ramp.book import WHOLE, load_plan
from engagements.schedule import CUTOVER, PARALLEL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """A share of the mail on the new route; `last` is its last day."""

    share: int
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Moves:
    """`full` is the first day on which everything that migrates takes the new route."""

    steps: Sequence[Step]
    full: date

    def share_on(self, day: date) -> int:
        """Percent on the new route."""
        if day >= self.full:
            return 100
        return max((step.share for step in self.steps if step.first <= day), default=0)


def phase_of(phases: Sequence[Mapping[str, Any]], number: int) -> Mapping[str, Any] | None:
    return next((phase for phase in phases if phase["number"] == number), None)


def ramp() -> Sequence[int]:
    """Percent on the new route, step by step, as the portal moves it; 100 belongs to the cutover."""
    return [step for step in load_plan().steps if step < WHOLE]


def moves_of(phases: Sequence[Mapping[str, Any]]) -> Moves | None:
    """None without a planned phase 3. Steps are equally long; the last one keeps what does not divide.

    100 % comes after the last step was held, however early the days of phase 4 begin: its first week is preparation.
    """
    parallel, cutover = phase_of(phases, PARALLEL), phase_of(phases, CUTOVER)
    if parallel is None:
        return None
    shares = ramp()
    first, last = date.fromisoformat(parallel["start"]), date.fromisoformat(parallel["end"])
    hold = max(((last - first).days + 1) // len(shares), 1) * DAY
    starts = [first + hold * place for place in range(len(shares))]
    ends = [*(start - DAY for start in starts[1:]), max(last, starts[-1])]
    steps = [Step(*step) for step in zip(shares, starts, ends, strict=True)]
    return Moves(steps, max(ends[-1] + DAY, date.fromisoformat(cutover["start"]) if cutover else date.min))
