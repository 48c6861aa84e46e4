"""The report of a run as the rows of its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from delivery.reconciliation.notes import JOURNAL, LOGS, NOBODY
from delivery.reconciliation.report import ENDED, OUTSIDE, clock_text, messages_text

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
NOT_KNOWN = "Not known"
SIDES = {"old": "Postfix", "new": "New route"}


@dataclass(frozen=True, slots=True)
class StateRow:
    name: str
    says: str
    count: int
    is_problem: bool


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """accepted = the sum of `ended` + `outside` + `difference`, in recipients; `outside` is out of the window."""

    path: str
    accepted: int
    ended: tuple[tuple[str, int], ...]
    difference: int
    outside: int

    @property
    def noise(self) -> float:
        """The share of what the logs cover that is not accounted for, in percent."""
        return 100 * self.difference / max(self.accepted - self.outside, 1)


@dataclass(frozen=True, slots=True)
class LineRow:
    log: TrafficLog | None
    told: dict[str, Any]

    @property
    def name(self) -> str:
        return f"Log {self.told['log']}, {self.log.filename}" if self.log else f"Log {self.told['log']}"

    @property
    def clock(self) -> str:
        return clock_text(self.told).removeprefix("its clock ").capitalize()


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
            each.get(OUTSIDE, 0),  # runs of before counted it as a difference
        )
        for path, each in run.report["balance"].items()
    ]


def line_rows(run: ReconciliationRun, logs: Iterable[TrafficLog]) -> list[LineRow]:
    known = {log.number: log for log in logs}
    return [LineRow(known.get(told["log"]), told) for told in run.lines]


@dataclass(frozen=True, slots=True)
class Basis:
    """Whose word it is that the messages of a run were accepted, and what a run without the journal's cannot say."""

    word: str
    notes: tuple[str, ...]
    messages: str
    recipients: str

    @property
    def is_known(self) -> bool:
        return self.word != NOBODY


def basis_of(run: ReconciliationRun) -> Basis:
    """Runs of before did not ask whose word it is."""
    word, recipients = run.report.get("accepted_by", JOURNAL), f"{run.report['recipients']:,}"
    if word == NOBODY:
        return Basis(word, tuple(run.report["notes"]), NOT_KNOWN, NOT_KNOWN)
    by_logs = f"{recipients}, by the word of the logs alone" if word == LOGS else recipients
    return Basis(word, tuple(run.report.get("notes", ())), messages_text(run.report).capitalize(), by_logs)
