"""Which other answers would have changed the result, and how far it rests on answers that nobody is sure of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, product
from typing import TYPE_CHECKING

from discovery.selection.score import Outcome, score

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from discovery.selection.method import Choice, Method, Variable
    from discovery.selection.score import Score


class Certainty(StrEnum):
    """How an answer is known."""

    DOCUMENTED = "documented"
    STATED = "stated"
    GUESSED = "guessed"


CERTAINTY_LABELS = {
    Certainty.DOCUMENTED: "A document says so",
    Certainty.STATED: "A person who decides said so",
    Certainty.GUESSED: "A guess",
}


class Confidence(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Change:
    """One answer put otherwise."""

    variable: Variable
    given: Choice
    instead: Choice


@dataclass(frozen=True, slots=True)
class Flip:
    """Changes that together lead to another outcome, with the sum that they lead to."""

    changes: tuple[Change, ...]
    outcome: Outcome
    total: int


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """`pairs` are those of which no part flips the result by itself."""

    singles: tuple[Flip, ...]
    pairs: tuple[Flip, ...]

    @property
    def is_stable(self) -> bool:
        return not self.singles


def what_flips(found: Score) -> Sensitivity:
    """Every single answer, and every pair of answers, that would change a complete result.

    Nothing flips a result that is not there: a score that is incomplete, or that says to stay, has no flips.
    """
    if not found.is_complete or found.outcome in {Outcome.STAY, Outcome.INCOMPLETE}:
        return Sensitivity((), ())
    changes = [list(_changes(step.variable, step.choice)) for step in found.steps if step.choice]
    answers = {step.variable.key: step.choice.key for step in found.steps if step.choice}
    singles = tuple(_flips(found, answers, ((change,) for each in changes for change in each)))
    alone = {_name(flip.changes[0]) for flip in singles}
    pairs = (pair for one, other in combinations(changes, 2) for pair in product(one, other))
    quiet = (pair for pair in pairs if not any(_name(change) in alone for change in pair))
    return Sensitivity(singles, tuple(_flips(found, answers, quiet)))


def confidence(found: Score, certainties: Mapping[str, Certainty]) -> Confidence:
    """HIGH where the result stands whatever the guesses are and most is documented; LOW where one guess flips it.

    `certainties` are by key of variable; an answer without one counts as guessed.
    """
    guessed = {
        step.variable.key
        for step in found.steps
        if certainties.get(step.variable.key, Certainty.GUESSED) is Certainty.GUESSED
    }
    if not found.is_complete or any(flip.changes[0].variable.key in guessed for flip in what_flips(found).singles):
        return Confidence.LOW
    documented = sum(certainty is Certainty.DOCUMENTED for certainty in certainties.values())
    return Confidence.HIGH if not guessed and documented * 2 >= len(found.steps) else Confidence.MEDIUM


def _changes(variable: Variable, given: Choice) -> Iterator[Change]:
    for choice in variable.answers:
        if choice.key != given.key:
            yield Change(variable, given, choice)


def _name(change: Change) -> tuple[str, str]:
    return change.variable.key, change.instead.key


def _flips(found: Score, answers: Mapping[str, str], tried: Iterable[tuple[Change, ...]]) -> Iterator[Flip]:
    method: Method = found.method
    for changes in tried:
        otherwise = {**answers, **dict(map(_name, changes))}
        result = score(method, otherwise)
        if result.outcome is not found.outcome:
            yield Flip(changes, result.outcome, result.total)
