"""What the customer answered in the questionnaire, once it was submitted: question, answer, by whom and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from discovery.models import AnswerSheet
from discovery.questions.loading import load_book
from discovery.questions.values import given_text

if TYPE_CHECKING:
    from datetime import datetime

    from engagements.models import Engagement
    from reports.content.settled import People


@dataclass(frozen=True, slots=True)
class Answered:
    question: str
    asked: str
    answer: str
    note: str
    by: str
    at: datetime


def answers_of(engagement: Engagement, people: People) -> list[Answered]:
    """In the order of the questions. A draft is not yet an answer."""
    sheet = AnswerSheet.objects.filter(engagement=engagement).exclude(state=AnswerSheet.State.DRAFT).first()
    if sheet is None:
        return []
    given = {row.question: row for row in sheet.answers.select_related("answered_by") if row.given.is_given}
    return [
        Answered(
            question=question.id,
            asked=question.ask,
            answer=given_text(question, given[question.id].given),
            note=given[question.id].note,
            by=people.name_of(given[question.id].answered_by),
            at=given[question.id].answered_at,
        )
        for section in load_book().sections
        for question in section.questions
        if question.id in given
    ]
