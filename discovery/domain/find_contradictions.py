"""Compares what was answered with what the uploads and the mail logs say now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discovery.domain.merge_findings import Look, merge_findings
from discovery.models import AnswerSheet, Finding
from discovery.questionnaire import questionnaire_with
from discovery.questions.disputes import disputes_in
from discovery.questions.loading import load_book

if TYPE_CHECKING:
    from accounts.models import User
    from engagements.models import Engagement


def find_contradictions(engagement: Engagement, *, actor: User) -> None:
    """Bring the findings about the answers up to date. Called under the lock of the engagement.

    What is still being answered for the first time contradicts nothing.
    """
    sheet = AnswerSheet.objects.filter(engagement=engagement, submitted_at__isnull=False).first()
    if sheet is None:
        return
    rows = questionnaire_with(sheet, engagement, actor).asked
    given = {row.question.id: row.answer.given for row in rows if row.answer}
    facts = {row.fact.name: row.fact for row in rows if row.fact}
    said = disputes_in(load_book(), given, facts, [row.question.id for row in rows])
    merge_findings(Look(engagement, Finding.Source.ANSWERS), said, actor=actor)
