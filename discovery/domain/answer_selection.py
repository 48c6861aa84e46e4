from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, allowed_any, require, require_any
from core.audit import record
from core.errors import Conflict, DomainError
from core.wording import told
from discovery.domain.mask_words import mask_words
from discovery.models import SelectionAnswer
from discovery.selection.method import method_on
from discovery.selection.sensitivity import Certainty
from engagements.domain.lock_engagement import lock_living
from engagements.domain.mark_stale import mark_stale
from engagements.today import today_of

if TYPE_CHECKING:
    from accounts.models import User
    from discovery.selection.method import Choice, Variable
    from engagements.models import Engagement

LONGEST_NOTE = 2000
NOTHING = "nothing"
VOICES = (Permission.ANSWER_TASK, Permission.WORK_TASK)


@dataclass(frozen=True, slots=True)
class SelectionText:
    """An answer by the keys of the method, over the version that was on screen; 0 where there was none."""

    choice: str
    certainty: str = Certainty.STATED
    note: str = ""
    version: int = 0


@transaction.atomic
def answer_selection(engagement: Engagement, *, variable: str, text: SelectionText, actor: User) -> SelectionAnswer:
    """Answer one variable of the method in force. An open dispute about it ends; the ledger keeps both.

    Raises Conflict when somebody answered since it was on screen, DomainError for what the method does not offer.
    """
    engagement = lock_living(engagement.pk)
    require_any(actor, VOICES, engagement.organization)
    asked, chosen = _of_the_method(engagement, variable, text)
    answer = _lock(engagement, variable)
    _refuse_other_version(answer, asked, text.version)
    before = _told(asked, answer.choice) if answer.pk else NOTHING
    answer.choice, answer.certainty, answer.note = text.choice, text.certainty, mask_words(text.note.strip())
    answer.version += 1
    answer.answered_by, answer.answered_at = actor, timezone.now()
    answer.dispute, answer.disputed_by, answer.disputed_at = "", None, None
    answer.save()
    record(
        "selection.answered",
        subject=answer,
        actor=actor,
        label=asked.label,
        before=before,
        after=chosen.label,
        certainty=text.certainty,
        note=answer.note,
    )
    mark_stale(engagement, actor=actor)
    return answer


@transaction.atomic
def dispute_selection(
    engagement: Engagement, *, variable: str, dispute: str, version: int, actor: User
) -> SelectionAnswer:
    """Say that an answer is wrong, and why. Whoever may answer settles it by answering again.

    Raises Conflict when the answer moved since it was on screen or is disputed already.
    """
    engagement = lock_living(engagement.pk)
    require(actor, Permission.ASK, engagement.organization)
    asked = _variable(engagement, variable)
    answer = _lock(engagement, variable)
    if not answer.pk:
        raise Conflict(f"Nobody has answered “{asked.label}” yet, so there is nothing to dispute.")
    _refuse_other_version(answer, asked, version)
    if answer.disputed_at:
        raise Conflict(f"{answer.disputed_by} disputed this answer on {told(answer.disputed_at)} already.")
    if not dispute.strip() or len(dispute) > LONGEST_NOTE:
        raise DomainError(f"Say what is wrong with the answer, in at most {LONGEST_NOTE:,} characters.")
    answer.dispute = mask_words(dispute.strip())
    answer.disputed_by, answer.disputed_at = actor, timezone.now()
    answer.version += 1
    answer.save()
    record("selection.disputed", subject=answer, actor=actor, label=asked.label, dispute=answer.dispute)
    mark_stale(engagement, actor=actor)
    return answer


def may_answer(user: User, engagement: Engagement) -> bool:
    """The customer's people who answer tasks, and the consultants, who write down what they were told."""
    return allowed_any(user, VOICES, engagement.organization)


def _variable(engagement: Engagement, key: str) -> Variable:
    method = method_on(today_of(engagement))
    found = next((variable for variable in method.variables if variable.key == key), None)
    if found is None:
        raise DomainError(f"Method {method.version} does not ask for “{key[:40]}”.")
    return found


def _of_the_method(engagement: Engagement, variable: str, text: SelectionText) -> tuple[Variable, Choice]:
    asked = _variable(engagement, variable)
    chosen = next((choice for choice in asked.answers if choice.key == text.choice), None)
    if chosen is None:
        raise DomainError(f"Choose one of the answers to “{asked.label}”.")
    if text.certainty not in set(Certainty):
        raise DomainError("Say how the answer is known: from a document, from a person who decides, or as a guess.")
    if len(text.note) > LONGEST_NOTE:
        raise DomainError(f"A note has at most {LONGEST_NOTE:,} characters.")
    return asked, chosen


def _lock(engagement: Engagement, variable: str) -> SelectionAnswer:
    """The answer, or one that is not saved yet. The engagement is locked, so two first answers cannot meet here."""
    stored = SelectionAnswer.objects.select_related("answered_by", "disputed_by")
    found = stored.filter(engagement=engagement, variable=variable).first()
    answer = found or SelectionAnswer(engagement=engagement, variable=variable, version=0)
    answer.engagement = engagement
    return answer


def _refuse_other_version(answer: SelectionAnswer, asked: Variable, version: int) -> None:
    if answer.version == version:
        return
    if not answer.pk:
        raise Conflict(f"“{asked.label}” has no answer any more. Open the page again; nothing was saved.")
    who = answer.disputed_by or answer.answered_by
    at = answer.disputed_at or answer.answered_at
    raise Conflict(
        f"{who} changed “{asked.label}” on {told(at)}: it is “{_told(asked, answer.choice)}” now. Nothing was saved."
    )


def _told(asked: Variable, choice: str) -> str:
    """The words of an answer; one that the method offers no more keeps its key."""
    return next((each.label for each in asked.answers if each.key == choice), choice)
