"""What views hand to the components: frozen rows that say no more than the component shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class StatusKind(StrEnum):
    """The six statuses. Their words, shapes and colours are the same on every page."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    COMPLETED = "completed"
    PROBLEM = "problem"
    BLOCKED = "blocked"


STATUS_WORDS = {
    StatusKind.NOT_STARTED: "Not started",
    StatusKind.IN_PROGRESS: "In progress",
    StatusKind.COMPLETED: "Completed",
    StatusKind.PROBLEM: "There is a problem",
    StatusKind.BLOCKED: "Cannot start yet",
}
STATUS_ICONS = {
    StatusKind.IN_PROGRESS: "half",
    StatusKind.WAITING: "diamond",
    StatusKind.COMPLETED: "tick",
    StatusKind.PROBLEM: "octagon",
}


@dataclass(frozen=True, slots=True)
class Status:
    """A status from the reader's side. `label` replaces the words (Signed 2 Apr), `party` is who is waited for.

    Raises ValueError for an unknown kind and for waiting on nobody.
    """

    kind: StatusKind | str
    label: str = ""
    party: str = ""
    is_reader: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", StatusKind(self.kind))
        if self.kind == StatusKind.WAITING and not (self.party or self.is_reader or self.label):
            raise ValueError("Waiting needs the party that is waited for")

    @property
    def text(self) -> str:
        if self.label:
            return self.label
        if self.kind == StatusKind.WAITING:
            return "Waiting on you" if self.is_reader else f"Waiting on {self.party}"
        return STATUS_WORDS[StatusKind(self.kind)]

    @property
    def icon(self) -> str:
        return STATUS_ICONS.get(StatusKind(self.kind), "")


class PhaseState(StrEnum):
    """How a phase is drawn: solid, dashed, or a hairline."""

    DONE = "done"
    NOW = "now"
    TODO = "todo"


@dataclass(frozen=True, slots=True)
class Phase:
    number: int
    label: str
    status: Status
    state: PhaseState
    url: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A row of a gate. `who` says whose it is; `reason` why it cannot start or what is wrong.

    `url` leads to what the row is about, `act_url` to what this reader may do with the row itself.
    """

    title: str
    status: Status
    who: str = ""
    url: str = ""
    reason: str = ""
    act: str = ""
    act_url: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A line of a summary list. `value` may be markup that is marked safe."""

    term: str
    value: object
    url: str = ""
    action_label: str = ""
    action_url: str = ""


@dataclass(frozen=True, slots=True)
class RampStep:
    """A share of traffic on the way to the new route. `note` replaces passed, now and to do."""

    percent: int
    state: PhaseState
    note: str = ""

    @property
    def old_percent(self) -> int:
        return 100 - self.percent

    @property
    def text(self) -> str:
        words = {PhaseState.DONE: "passed", PhaseState.NOW: "now", PhaseState.TODO: "to do"}
        return self.note or words[PhaseState(self.state)]


@dataclass(frozen=True, slots=True)
class SparkLines:
    """Two lines over the same days, oldest first. `unit` follows the figures, for example a percent sign.

    `floor` is what the lower edge stands for; the note has to say where that is not zero.
    """

    title: str
    old: Sequence[float]
    new: Sequence[float]
    old_label: str = "Postfix"
    new_label: str = "PowerMTA"
    unit: str = ""
    note: str = ""
    floor: float = 0.0


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one answer adds to the scale between two vendors: positive towards A, negative towards B."""

    label: str
    answer: str
    points: float


@dataclass(frozen=True, slots=True)
class Shortcut:
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Change:
    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """Who did what, when and from where."""

    at: datetime
    sentence: str
    origin: str = ""
    changes: Sequence[Change] = field(default_factory=tuple)
    also: Sequence[HistoryRow] = field(default_factory=tuple)  # what the same act brought with it, in its order
    again: Sequence[HistoryRow] = field(default_factory=tuple)  # the same act again, later on that day


class ClockState(StrEnum):
    CALM = "calm"
    SOON = "soon"
    LATE = "late"
    PAUSED = "paused"
    KEPT = "kept"
    MISSED = "missed"


WHOLE = 100


@dataclass(frozen=True, slots=True)
class ClockReading:
    """A promise as it stands. `left` is what remains of it, negative when it is late, and less than `soon` is soon.

    A clock that is not late is paused as long as it has a `pause`, which says why; `due_at` is None then. `allowed`
    draws the bar.
    Where `is_calendar` is False only working hours count, so what is left does not pass by the time of day.
    """

    left: timedelta
    due_at: datetime | None
    allowed: timedelta | None = None
    pause: str = ""
    is_stopped: bool = False
    is_calendar: bool = True
    soon: timedelta = timedelta(hours=12)

    @property
    def state(self) -> ClockState:
        if self.is_stopped:
            return ClockState.KEPT if self.left >= timedelta(0) else ClockState.MISSED
        if self.left <= timedelta(0):
            return ClockState.LATE
        if self.pause:
            return ClockState.PAUSED
        return ClockState.SOON if self.left < self.soon else ClockState.CALM

    @property
    def is_late(self) -> bool:
        return self.state is ClockState.LATE

    @property
    def is_broken(self) -> bool:
        """Whether the promise was not kept, answered since or not, and whatever pauses the clock now."""
        return self.state in {ClockState.LATE, ClockState.MISSED}

    @property
    def percent(self) -> int | None:
        """How much of the promise is used up, from 0 to 100; None where it is not drawn."""
        if not self.allowed:
            return None
        return min(max(int((self.allowed - self.left) / self.allowed * WHOLE), 0), WHOLE)
