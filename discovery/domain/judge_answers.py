from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.errors import DomainError
from discovery.domain.announce_answers import announce_acceptance, announce_return
from discovery.domain.lock_answers import lock_to_judge, sheet_of
from discovery.domain.mask_words import mask_words
from discovery.models import Answer, AnswerSheet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from discovery.questionnaire import Questionnaire
    from engagements.models import Engagement

LONGEST_NOTE = 2000


@transaction.atomic
def return_answers(engagement: Engagement, *, actor: User, version: int, notes: Mapping[str, str]) -> AnswerSheet:
    """Hand the questionnaire back with a note at each answer that has to change. Secrets in notes are masked.

    Raises DomainError without any note.
    """
    questionnaire = lock_to_judge(engagement, actor=actor, version=version)
    sheet = sheet_of(questionnaire)
    asked = _returned(questionnaire, notes)
    for answer, note in asked:
        answer.return_note, answer.returned_version = note, answer.version
    Answer.objects.bulk_update([answer for answer, _ in asked], ["return_note", "returned_version"])
    sheet.state, sheet.returned_by, sheet.returned_at = AnswerSheet.State.RETURNED, actor, timezone.now()
    sheet.version += 1
    sheet.save()
    told = [{"question": answer.question, "note": note} for answer, note in asked]
    record("answers.returned", subject=sheet, actor=actor, count=len(asked), notes=told)
    announce_return(sheet, asked)
    return sheet


@transaction.atomic
def accept_answers(engagement: Engagement, *, actor: User, version: int) -> AnswerSheet:
    """Take the answers as they stand and lock them. Contradictions stay findings, and are decided there."""
    sheet = sheet_of(lock_to_judge(engagement, actor=actor, version=version))
    sheet.state, sheet.accepted_by, sheet.accepted_at = AnswerSheet.State.ACCEPTED, actor, timezone.now()
    sheet.version += 1
    sheet.save()
    record("answers.accepted", subject=sheet, actor=actor, count=len(sheet.asked))
    announce_acceptance(sheet)
    return sheet


def _returned(questionnaire: Questionnaire, notes: Mapping[str, str]) -> list[tuple[Answer, str]]:
    written = {name: note.strip() for name, note in notes.items() if note.strip()}
    if not written:
        raise DomainError("Write at one answer at least what has to change. Nothing was returned.")
    rows = {row.question.id: row.answer for row in questionnaire.asked if row.answer}
    if unknown := [name for name in written if name not in rows]:
        raise DomainError(f"There is no answer to return at {', '.join(unknown)}.")
    if any(len(note) > LONGEST_NOTE for note in written.values()):
        raise DomainError(f"A note has at most {LONGEST_NOTE:,} characters.")
    return [(answer, mask_words(written[name])) for name, answer in rows.items() if name in written]
