from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.permissions import Permission, require
from core.audit import record
from core.errors import DomainError
from discovery.domain.receive_upload import plain_name, refuse_while_locked
from discovery.domain.save_answers import Written, save_answers
from discovery.models import Answer, AnswerSheet
from discovery.questions.exchange import read_answers
from discovery.questions.loading import load_book

if TYPE_CHECKING:
    from accounts.models import User
    from discovery.questions.values import Given
    from engagements.models import Engagement

MOST_SENTENCES = 30
LARGEST_FILE = 1024 * 1024


@transaction.atomic
def import_answers(engagement: Engagement, *, actor: User, filename: str, content: bytes) -> list[Answer]:
    """Write down what stands in a filled in file; the answer are those that changed. An empty answer changes nothing.

    Raises GateClosed while uploads are locked.
    With a single wrong row nothing is imported: DomainError has a sentence for each. Raises AnswersDiffer as saving
    does, for answers that have changed since the file was exported.
    """
    require(actor, Permission.ANSWER_TASK, engagement.organization)
    refuse_while_locked(engagement)
    if len(content) > LARGEST_FILE:
        raise DomainError("Nothing was imported: the selected file must be smaller than 1 MB.")
    sent = read_answers(content, load_book())
    if sent.problems:
        more = len(sent.problems) - MOST_SENTENCES
        rest = [f"And {more} more."] if more > 0 else []
        raise DomainError("Nothing was imported.", *sent.problems[:MOST_SENTENCES], *rest)
    filled = {name: each for name, each in sent.given.items() if each[0].is_given or each[0].note}
    if not filled:
        raise DomainError("Nothing was imported: no question in the file has an answer.")
    stored = {answer.question: answer for answer in Answer.objects.filter(sheet__engagement=engagement)}
    written = {name: _written(*each, stored.get(name)) for name, each in filled.items()}
    changed = save_answers(engagement, actor=actor, written=written)
    sheet = AnswerSheet.objects.get(engagement=engagement)
    record("answers.imported", subject=sheet, actor=actor, count=len(changed), filename=plain_name(filename))
    return changed


def _written(given: Given, version: int | None, stored: Answer | None) -> Written:
    """A row with nothing but a note leaves the answer that stands; one without a version is over what stands now."""
    seen = version if version is not None else stored.version if stored else 0
    if not given.is_given and stored:
        return Written(replace(stored.given, note=given.note), seen)
    return Written(given, seen)
