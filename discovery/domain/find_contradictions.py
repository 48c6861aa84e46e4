"""Compares what was answered, or said at intake, with what the uploads and the mail logs say now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discovery.domain.compare_volume import compare_volume
from discovery.domain.merge_findings import Look, merge_findings
from discovery.models import AnswerSheet, Finding, LogReading
from discovery.questionnaire import questionnaire_with
from discovery.questions.disputes import disputes_in
from discovery.questions.loading import load_book

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from discovery.postfix import Finding as Said
    from discovery.questionnaire import AnswerRow
    from engagements.models import Engagement


def find_contradictions(engagement: Engagement, *, actor: User) -> None:
    """Bring the findings about what was said up to date. Called under the lock of the engagement.

    Of a volume the questionnaire speaks once it was submitted with a figure; else what was said at intake.
    """
    rows = _submitted_rows(engagement)
    if rows:
        merge_findings(Look(engagement, Finding.Source.ANSWERS), _disputes(rows), actor=actor)
    if LogReading.objects.filter(engagement=engagement).read().exists():
        answered = {row.question.answered_by for row in rows if row.says_something}
        said = compare_volume(engagement, answered=answered)
        merge_findings(Look(engagement, Finding.Source.LOGS), said, actor=actor)


def _submitted_rows(engagement: Engagement) -> list[AnswerRow]:
    """What is still being answered for the first time contradicts nothing."""
    sheet = AnswerSheet.objects.filter(engagement=engagement, submitted_at__isnull=False).first()
    return questionnaire_with(sheet, engagement).asked if sheet else []


def _disputes(rows: Sequence[AnswerRow]) -> list[Said]:
    given = {row.question.id: row.answer.given for row in rows if row.answer}
    facts = {row.fact.name: row.fact for row in rows if row.fact}
    return list(disputes_in(load_book(), given, facts, [row.question.id for row in rows]))
