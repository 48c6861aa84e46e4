"""The vendor selection of an engagement as it stands: the sum, who gave each answer, and what would flip it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.components import Contribution
from core.reading import read_once
from discovery.advice import advice_for
from discovery.models import SelectionAnswer
from discovery.selection.method import method_on
from discovery.selection.score import OUTCOME_LABELS, Outcome, score
from discovery.selection.sensitivity import Certainty, Confidence, confidence, what_flips
from engagements.today import today_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from discovery.advice import Advice
    from discovery.selection.method import Method
    from discovery.selection.score import Score, Step
    from discovery.selection.sensitivity import Flip, Sensitivity
    from engagements.models import Engagement

CONFIDENCE_WORDS = {
    Confidence.HIGH: "High: nothing is guessed, and at least half of the answers stand in a document.",
    Confidence.MEDIUM: "Medium: no guess alone would change the result.",
    Confidence.LOW: "Low: one guess put otherwise would change the result.",
}
NO_CONFIDENCE = {
    Outcome.INCOMPLETE: "Nothing can be said before the last answer is in.",
    Outcome.STAY: "The answers decide nothing here: whether to stay is asked before them.",
}


@dataclass(frozen=True, slots=True)
class SelectionRow:
    """One variable with its answer; `answer` is None for a missing one or one that this method does not offer."""

    step: Step
    answer: SelectionAnswer | None

    @property
    def answer_text(self) -> str:
        return self.step.choice.label if self.step.choice else "Not answered"


@dataclass(frozen=True, slots=True)
class Selection:
    score: Score
    rows: tuple[SelectionRow, ...]
    sensitivity: Sensitivity
    confidence: Confidence
    advice: Advice | None

    def row(self, variable: str) -> SelectionRow | None:
        return next((row for row in self.rows if row.step.variable.key == variable), None)

    @property
    def outcome_label(self) -> str:
        return OUTCOME_LABELS[self.score.outcome]

    @property
    def is_decided(self) -> bool:
        return self.score.outcome in {Outcome.POWERMTA, Outcome.KUMOMTA}

    @property
    def heading(self) -> str:
        return f"Why {self.outcome_label}" if self.is_decided else "Vendor selection"

    @property
    def disputed(self) -> list[SelectionRow]:
        return [row for row in self.rows if row.answer and row.answer.is_disputed]

    @property
    def runner_up_label(self) -> str:
        return OUTCOME_LABELS[self.score.runner_up] if self.score.runner_up else ""

    @property
    def confidence_words(self) -> str:
        return NO_CONFIDENCE.get(self.score.outcome, CONFIDENCE_WORDS[self.confidence])

    @property
    def contributions(self) -> list[Contribution]:
        """For the drawing; none as long as an answer is missing, since half a sum would look like a winner."""
        if not self.score.is_complete:
            return []
        return [Contribution(row.step.variable.label, row.answer_text, row.step.points) for row in self.rows]

    @property
    def flips(self) -> list[str]:
        return [flip_text(flip) for flip in self.sensitivity.singles]

    @property
    def pair_flips(self) -> list[str]:
        return [flip_text(flip) for flip in self.sensitivity.pairs]


def selection_of(engagement: Engagement, reader: User) -> Selection:
    """Two queries and those of the diagnosis, however much was answered."""
    visible = SelectionAnswer.objects.visible_to(reader).filter(engagement=engagement)
    method = method_on(today_of(engagement))
    return selection_with(engagement, visible.select_related("answered_by", "disputed_by"), method)


@read_once
def selection_as_answered(engagement: Engagement) -> Selection:
    """The same in the engagement's own name: a gate asks, whoever reads."""
    answers = SelectionAnswer.objects.filter(engagement=engagement).select_related("answered_by", "disputed_by")
    return selection_with(engagement, answers, method_on(today_of(engagement)))


def selection_with(engagement: Engagement, answers: Iterable[SelectionAnswer], method: Method) -> Selection:
    """The same over answers and a version of the method that are in hand."""
    offered = {variable.key: {choice.key for choice in variable.answers} for variable in method.variables}
    by_variable = {each.variable: each for each in answers if each.choice in offered.get(each.variable, ())}
    advice = advice_for(engagement)
    given = {key: answer.choice for key, answer in by_variable.items()}
    found = score(method, given, is_stay=advice is not None and advice.is_stay)
    certainties = {key: Certainty(answer.certainty) for key, answer in by_variable.items()}
    rows = tuple(SelectionRow(step, by_variable.get(step.variable.key)) for step in found.steps)
    return Selection(found, rows, what_flips(found), confidence(found, certainties), advice)


def flip_text(flip: Flip) -> str:
    """Licence budget “There is no budget”: KumoMTA by 10."""
    changes = " and ".join(f"{change.variable.label} “{change.instead.label}”" for change in flip.changes)
    return f"{changes}: {outcome_text(flip.outcome, flip.total)}"


def outcome_text(outcome: Outcome, total: int) -> str:
    """What a sum leads to. A hard rule decides against the sum, so its points are not told with it."""
    if outcome is Outcome.CLOSE:
        return f"too close to call, {abs(total)} apart"
    towards = Outcome.POWERMTA if total > 0 else Outcome.KUMOMTA
    label = OUTCOME_LABELS[outcome]
    return f"{label} by {abs(total)}" if outcome is towards else f"{label}, whatever the points say"
