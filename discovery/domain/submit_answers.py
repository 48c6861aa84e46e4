from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.errors import DomainError
from discovery.domain.announce_answers import announce_submission
from discovery.domain.find_contradictions import find_contradictions
from discovery.domain.lock_answers import lock_for_answers, refuse_other_version
from discovery.models import AnswerSheet
from discovery.questionnaire import questionnaire_with
from engagements.domain.mark_stale import mark_stale

if TYPE_CHECKING:
    from accounts.models import User
    from discovery.questionnaire import Questionnaire
    from engagements.models import Engagement

MOST_SENTENCES = 10


@transaction.atomic
def submit_answers(engagement: Engagement, *, actor: User, version: int) -> AnswerSheet:
    """Hand the questionnaire over. Which questions were asked is settled with it.

    Raises DomainError with a sentence for each question that is open: not answered, or returned and not touched.
    """
    sheet = lock_for_answers(engagement, actor=actor)
    refuse_other_version(sheet, version)
    questionnaire = questionnaire_with(sheet, sheet.engagement)
    if reasons := submission_blockers(questionnaire):
        raise DomainError(*reasons)
    sheet.state, sheet.asked = AnswerSheet.State.SUBMITTED, [row.question.id for row in questionnaire.asked]
    sheet.submitted_by, sheet.submitted_at = actor, timezone.now()
    sheet.version += 1
    sheet.save()
    unknown = sum(row.answer.is_unknown for row in questionnaire.asked if row.answer)
    record("answers.submitted", subject=sheet, actor=actor, count=len(sheet.asked), unknown=unknown)
    find_contradictions(sheet.engagement, actor=actor)
    mark_stale(sheet.engagement, actor=actor)
    announce_submission(sheet)
    return sheet


def submission_blockers(questionnaire: Questionnaire) -> list[str]:
    """Why it cannot be submitted yet, in sentences."""
    open_rows = [f"“{row.question.ask}” has no answer. “I do not know” is one." for row in questionnaire.missing]
    open_rows += [
        f"“{row.question.ask}” was returned and has not been changed. Write a note if the answer is right."
        for row in questionnaire.returned
    ]
    more = len(open_rows) - MOST_SENTENCES
    rest = f"And {more} more {'question is' if more == 1 else 'questions are'} open."
    return open_rows[:MOST_SENTENCES] + ([rest] if more > 0 else [])
