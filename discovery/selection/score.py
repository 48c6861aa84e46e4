"""From answers to a result that can be added up by hand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from discovery.selection.method import TARGET_LABELS, Target

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discovery.selection.method import Choice, Method, Variable


class Outcome(StrEnum):
    """CLOSE is a sum inside the margin; INCOMPLETE names nobody, however clear the answers so far look."""

    STAY = "stay"
    POWERMTA = "powermta"
    KUMOMTA = "kumomta"
    CLOSE = "close"
    INCOMPLETE = "incomplete"


OUTCOME_LABELS = {
    Outcome.STAY: "Stay on Postfix",
    Outcome.POWERMTA: TARGET_LABELS[Target.POWERMTA],
    Outcome.KUMOMTA: TARGET_LABELS[Target.KUMOMTA],
    Outcome.CLOSE: "Too close to call",
    Outcome.INCOMPLETE: "Answers are missing",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the sum. `before` and `after` are the sum around it; `choice` is None for a missing answer."""

    variable: Variable
    choice: Choice | None
    before: int
    after: int

    @property
    def points(self) -> int:
        return self.after - self.before

    @property
    def text(self) -> str:
        """+18, -8 or 0, as it is printed."""
        return f"{self.points:+d}" if self.points else "0"


@dataclass(frozen=True, slots=True)
class Score:
    """`total` is the sum of the answers given: positive towards PowerMTA. `decided_by` is the hard rule that holds."""

    method: Method
    outcome: Outcome
    steps: tuple[Step, ...]
    total: int
    decided_by: Step | None

    @property
    def missing(self) -> list[Variable]:
        return [step.variable for step in self.steps if step.choice is None]

    @property
    def is_complete(self) -> bool:
        return not self.missing

    @property
    def answered(self) -> int:
        return len(self.steps) - len(self.missing)

    @property
    def runner_up(self) -> Outcome | None:
        """The other target where one of the two has won; None for every other outcome."""
        return {Outcome.POWERMTA: Outcome.KUMOMTA, Outcome.KUMOMTA: Outcome.POWERMTA}.get(self.outcome)

    @property
    def towards_powermta(self) -> int:
        return sum(step.points for step in self.steps if step.points > 0)

    @property
    def towards_kumomta(self) -> int:
        """As a positive number."""
        return -sum(step.points for step in self.steps if step.points < 0)


def score(method: Method, answers: Mapping[str, str], *, is_stay: bool = False) -> Score:
    """Add up the answers, by key of variable. `is_stay` is the diagnosis, which comes before any points.

    Raises KeyError for a variable or an answer that this version of the method does not have.
    """
    for key, answer in answers.items():
        method.variable(key).choice(answer)
    steps = tuple(_steps(method, answers))
    total = steps[-1].after
    decided = next((step for step in steps if step.choice and step.choice.decides), None)
    is_complete = all(step.choice for step in steps)
    outcome = _outcome(method, total, decided, is_complete=is_complete, is_stay=is_stay)
    return Score(method, outcome, steps, total, decided)


def _steps(method: Method, answers: Mapping[str, str]) -> list[Step]:
    steps, total = [], 0
    for variable in method.variables:
        choice = variable.choice(answers[variable.key]) if variable.key in answers else None
        after = total + (choice.points if choice else 0)
        steps.append(Step(variable, choice, total, after))
        total = after
    return steps


def _outcome(method: Method, total: int, decided: Step | None, *, is_complete: bool, is_stay: bool) -> Outcome:
    if is_stay:
        return Outcome.STAY
    if not is_complete:
        return Outcome.INCOMPLETE
    if decided and decided.choice and decided.choice.decides:
        return Outcome(decided.choice.decides)
    if abs(total) < method.margin:
        return Outcome.CLOSE
    return Outcome.POWERMTA if total > 0 else Outcome.KUMOMTA
