"""What the figures know of one engagement. Frozen rows without queries; `records.py` reads them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from engagements.models import Engagement, Gate
from engagements.steps import PHASE_LABELS
from pricing.calculation.clock import Interval, elapsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from djmoney.money import Money

    from pricing.cases import Case
    from reports.portfolio.items import Item

CONSULTANCY, CUSTOMER = "consultancy", "customer"
# Whose turn it is at a gate in each state; nobody's before it opens and after it is signed.
WAITED_FOR = {
    Gate.State.OPEN.value: CONSULTANCY,
    Gate.State.CHANGES_REQUESTED.value: CONSULTANCY,
    Gate.State.SUBMITTED.value: CUSTOMER,
}


class Move(NamedTuple):
    """There are thousands of them, and a tuple is made quickly."""

    step: str
    before: str
    after: str
    at: datetime


@dataclass(frozen=True)
class GateFacts:
    """A gate with its moves in their order. `last` is when nobody is waited for any more at the latest."""

    number: int
    state: str
    moves: tuple[Move, ...]
    holds: tuple[Interval, ...]
    last: datetime

    @property
    def label(self) -> str:
        return f"Gate {self.number}, {PHASE_LABELS[self.number]}"

    @property
    def signed_at(self) -> datetime | None:
        """When it was signed last, as long as that holds."""
        return self.moves[-1].at if self.state == Gate.State.SIGNED and self.moves else None

    @property
    def time_to_sign(self) -> timedelta | None:
        """From the last time it went out to the last signature; None unless it is signed."""
        out = [move.at for move in self.moves if move.step == "submit_gate"]
        if self.signed_at is None or not out:
            return None
        return elapsed(out[-1], self.signed_at, pauses=self.holds)

    def waited(self, party: str) -> timedelta:
        return self._waits.get(party, timedelta(0))

    @cached_property
    def _waits(self) -> dict[str, timedelta]:
        """By whom was waited for."""
        found: dict[str, timedelta] = defaultdict(timedelta)
        for party, start, end in self._stretches():
            found[party] += elapsed(start, end, pauses=self.holds)
        return found

    def _stretches(self) -> Iterator[tuple[str, datetime, datetime]]:
        ends = [*(move.at for move in self.moves[1:]), self.last]
        for move, end in zip(self.moves, ends, strict=True):
            if move.after in WAITED_FOR:
                yield WAITED_FOR[move.after], move.at, max(move.at, end)


@dataclass(frozen=True, slots=True)
class PhaseFacts:
    """Days of the calendar; `actual` is None until the phase ended. `due` is the last planned day."""

    number: int
    due: date
    planned: int
    actual: int | None

    @property
    def label(self) -> str:
        return f"Phase {self.number}, {PHASE_LABELS[self.number]}"


@dataclass(frozen=True, slots=True)
class Traffic:
    """`recipients` and `missing` are of the newest reconciliation, None without one."""

    has_split: bool = False
    falls: int = 0
    rollbacks: int = 0
    recipients: int | None = None
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Translated:
    """The newest translation to the engagement's target."""

    pk: int
    counted: int
    covered: int
    person_days: Decimal

    @property
    def custom_share(self) -> float:
        return (self.counted - self.covered) / self.counted


@dataclass(frozen=True, slots=True)
class EngagementFacts:
    """`begun` is the day on which it was recorded, as the practice counts days."""

    pk: int
    code: str
    customer: str
    phase: str
    phase_before_hold: str
    begun: date
    target: str
    tier: str
    moves: Sequence[Move] = ()
    gates: Sequence[GateFacts] = ()
    phases: Sequence[PhaseFacts] = ()
    case: Case | None = None
    agreement: Agreement | None = None
    streams: int = 0  # on record: those of a customer are erased one day
    migrating: int = 0
    staying: int = 0
    traffic: Traffic = Traffic()
    translated: Translated | None = None
    spent: Mapping[int, Decimal] = field(default_factory=dict)  # days noted, by phase

    @property
    def stands_at(self) -> str:
        return str(Engagement.Phase(self.phase).label)

    def moved(self, *steps: str) -> Move | None:
        """The last of its own moves by one of these steps."""
        return next((move for move in reversed(self.moves) if move.step in steps), None)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What holds between practice and customer; `refund` is nothing unless it ended in the advice to stay."""

    total: Money
    refund: Money


class Facts(list[EngagementFacts]):
    """What was read of many engagements. `counted` keeps the list of each figure that was asked for, by its key."""

    def __init__(self, rows: Iterable[EngagementFacts] = ()) -> None:
        super().__init__(rows)
        self.counted: dict[str, list[Item]] = {}
