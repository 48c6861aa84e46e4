from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.errors import Conflict, DomainError
from core.wording import distance_text
from discovery.domain.lock_answers import lock_for_answers
from discovery.domain.mask_words import mask_words
from discovery.models import Answer, AnswerRevision
from discovery.questionnaire import questionnaire_with
from discovery.questions.book import LONGEST_NOTE
from discovery.questions.loading import load_book
from discovery.questions.values import UNKNOWN_WORDS, given_text, storable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from discovery.models import AnswerSheet
    from discovery.questions.book import Question
    from discovery.questions.values import Given
    from engagements.models import Engagement


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote, over the version of the answer that was on screen; 0 where there was none.

    With `is_confirmed` the value stood on screen as what was read or told before, and they said that it is right.
    """

    given: Given
    version: int = 0
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Differing:
    """An answer that somebody else changed meanwhile."""

    question: Question
    theirs: Answer
    mine: Given


class SuggestionMoved(Conflict):
    """Somebody confirmed what does not stand there any more; nothing was saved."""


class AnswersDiffer(Conflict):
    """Others have answered since. `differing` holds both texts; nothing was saved."""

    def __init__(self, differing: list[Differing]) -> None:
        self.differing = differing
        super().__init__(*(_who_changed(each) for each in differing), "Nothing was saved.")


@transaction.atomic
def save_answers(engagement: Engagement, *, actor: User, written: Mapping[str, Written]) -> list[Answer]:
    """Write down answers by question; the answer are those that changed. Secrets in texts are masked.

    Raises SuggestionMoved when what was confirmed is not what is read now.
    Raises AnswersDiffer when one of them was changed by somebody else since it was on screen. What the writer left as
    it was on screen is no change, whoever moved it.
    """
    sheet = lock_for_answers(engagement, actor=actor)
    questions = _questions(written)
    if moved := _moved(sheet, {name: each.given for name, each in written.items() if each.is_confirmed}):
        raise SuggestionMoved(*moved)
    masked = {name: replace(each, given=_masked(each.given)) for name, each in written.items()}
    stored = {answer.question: answer for answer in _stored(sheet)}
    changing = {name: each for name, each in masked.items() if _is_change(stored.get(name), each)}
    if differing := _differing(questions, stored, changing):
        raise AnswersDiffer(differing)
    changed = [_write(sheet, questions[name], stored.get(name), each.given, actor) for name, each in changing.items()]
    if changed:
        sheet.version += 1
        sheet.save(update_fields=["version"])
        _leave_trace(sheet, questions, changed, actor)
    return changed


def _questions(written: Mapping[str, Written]) -> dict[str, Question]:
    book = load_book()
    found = {name: book.find(name) for name in written}
    if unknown := [name for name, question in found.items() if question is None]:
        raise DomainError(f"The questionnaire has no question {', '.join(unknown)}.")
    too_long = [name for name, each in written.items() if len(each.given.note) > LONGEST_NOTE]
    if too_long:
        raise DomainError(f"The note at {', '.join(too_long)} has more than {LONGEST_NOTE:,} characters.")
    return {name: question for name, question in found.items() if question is not None}


def _moved(sheet: AnswerSheet, confirmed: Mapping[str, Given]) -> list[str]:
    """A sentence for each value that was confirmed and is read otherwise by now."""
    if not confirmed:
        return []
    rows = {row.question.id: row for row in questionnaire_with(sheet, sheet.engagement).rows}
    return [
        f"“{row.question.ask}”: you confirmed {given_text(row.question, given) or 'nothing'}, and by now "
        f"{f'it is {row.suggested.text}' if row.suggested else 'nothing is read about it'}. Nothing was saved: "
        "confirm what stands there now, or answer it."
        for name, given in confirmed.items()
        if (row := rows[name]).suggested is None or row.suggested.value != given.value
    ]


def _masked(given: Given) -> Given:
    value = mask_words(given.value) if isinstance(given.value, str) else given.value
    return replace(given, value=value, note=mask_words(storable(given.note).strip()))


def _stored(sheet: AnswerSheet) -> list[Answer]:
    return list(sheet.answers.select_for_update(of=("self",)).select_related("answered_by"))


def _is_change(stored: Answer | None, written: Written) -> bool:
    """Whether the writer says something else than what was on screen, and else than what stands now."""
    if stored is None:
        return written.given.is_given or bool(written.given.note)
    if written.given == stored.given:
        return False
    if written.version == stored.version:
        return True
    seen = AnswerRevision.objects.filter(answer=stored, version=written.version).first()
    if seen is None:
        return written.given.is_given or bool(written.given.note)
    return written.given != seen.given


def _differing(
    questions: Mapping[str, Question], stored: Mapping[str, Answer], changing: Mapping[str, Written]
) -> list[Differing]:
    return [
        Differing(questions[name], stored[name], each.given)
        for name, each in changing.items()
        if name in stored and stored[name].version != each.version
    ]


def _write(sheet: AnswerSheet, question: Question, stored: Answer | None, given: Given, actor: User) -> Answer:
    answer = stored or Answer(sheet=sheet, question=question.id, version=0)
    answer.value, answer.is_unknown, answer.note = given.value, given.is_unknown, given.note
    answer.question_version = question.version
    answer.version += 1
    answer.answered_by, answer.answered_at = actor, timezone.now()
    answer.save()
    AnswerRevision.objects.create(
        answer=answer,
        version=answer.version,
        value=answer.value,
        is_unknown=answer.is_unknown,
        note=answer.note,
        answered_by=actor,
        answered_at=answer.answered_at,
    )
    return answer


def _leave_trace(
    sheet: AnswerSheet,
    questions: Mapping[str, Question],
    changed: list[Answer],
    actor: User,
) -> None:
    changes = [
        {"field": questions[answer.question].ask, "now": given_text(questions[answer.question], answer.given)[:500]}
        for answer in changed
    ]
    names = [answer.question for answer in changed]
    first = sum(answer.version == 1 for answer in changed)
    record("answers.saved", subject=sheet, actor=actor, count=len(names), first=first, names=names, changes=changes)


def _who_changed(each: Differing) -> str:
    text = given_text(each.question, each.theirs.given) or UNKNOWN_WORDS
    when = distance_text(each.theirs.answered_at, timezone.now())
    return f"{each.theirs.answered_by} answered “{each.question.ask}” {when}: {text[:200]}."
