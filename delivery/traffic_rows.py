"""The report of a run as the rows of its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from delivery.models import ReconciliationRun, TrafficLog

STATES = {
    "matched": "Accepted and ended as often",
    "late": "Ended more than an hour after it was accepted",
    "missing": "Accepted, and no end is known where the logs should have one",
    "duplicate": "Ended more often than it was accepted",
    "ambiguous": "Cannot be told: the logs have a hole there, or nobody handed it in",
    "out of window": "Accepted when no log covers its path",
    "in flight": "Still in a queue, or too young to have an end",
}
SIDES = {"old": "Postfix", "new": "New route"}
ENDED = ("delivered", "bounced", "expired", "removed", "discarded", "queued")


@dataclass(frozen=True, slots=True)
class StateRow:
    name: str
    says: str
    count: int
    is_problem: bool


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """accepted = the sum of `ended` + `difference`, in recipients."""

    path: str
    accepted: int
    ended: tuple[tuple[str, int], ...]
    difference: int

    @property
    def noise(self) -> float:
        """The share that is not accounted for, in percent."""
        return 100 * self.difference / self.accepted if self.accepted else 0.0


@dataclass(frozen=True, slots=True)
class LineRow:
    log: TrafficLog | None
    told: dict[str, Any]


def state_rows(run: ReconciliationRun) -> list[StateRow]:
    problems = {"missing", "duplicate", "ambiguous"}
    counted = run.report["states"]
    return [
        StateRow(name, says, counted.get(name, 0), name in problems and counted.get(name, 0) > 0)
        for name, says in STATES.items()
    ]


def balance_rows(run: ReconciliationRun) -> list[BalanceRow]:
    return [
        BalanceRow(
            SIDES.get(path, path),
            each["accepted"],
            tuple((name, each[name]) for name in ENDED),
            each["difference"],
        )
        for path, each in run.report["balance"].items()
    ]


def line_rows(run: ReconciliationRun, logs: Iterable[TrafficLog]) -> list[LineRow]:
    known = {log.number: log for log in logs}
    return [LineRow(known.get(told["log"]), told) for told in run.lines]
