"""The questionnaire of an engagement under its lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.permissions import Permission, require
from core.errors import Conflict
from core.wording import told
from discovery.models import AnswerSheet
from discovery.questionnaire import questionnaire_with
from engagements.domain.lock_engagement import lock_living

if TYPE_CHECKING:
    from accounts.models import User
    from discovery.questionnaire import Questionnaire
    from engagements.models import Engagement


def lock_for_answers(engagement: Engagement, *, actor: User) -> AnswerSheet:
    """The sheet for somebody who may write answers into it now; the first one who does begins it.

    Raises Refused, or Conflict when the sheet is with the consultants or accepted.
    """
    engagement = lock_living(engagement.pk)
    require(actor, Permission.ANSWER_TASK, engagement.organization)
    begun = {"begun_by": actor, "begun_at": timezone.now()}
    sheet, _ = AnswerSheet.objects.select_for_update(of=("self",)).get_or_create(engagement=engagement, defaults=begun)
    sheet.engagement = engagement
    refuse_unless_open(sheet)
    return sheet


def refuse_unless_open(sheet: AnswerSheet) -> None:
    if sheet.state == AnswerSheet.State.ACCEPTED and sheet.accepted_at:
        raise Conflict(
            f"{sheet.accepted_by} accepted the questionnaire on {told(sheet.accepted_at)}: its answers are locked. "
            "Ask a question if something has changed since."
        )
    if sheet.state == AnswerSheet.State.SUBMITTED and sheet.submitted_at:
        raise Conflict(
            f"{sheet.submitted_by} submitted the questionnaire on {told(sheet.submitted_at)}. "
            "It can be changed when the consultants have returned it; nothing of yours was saved."
        )


def lock_to_judge(engagement: Engagement, *, actor: User, version: int) -> Questionnaire:
    """The questionnaire as it was submitted, for a consultant who read it at `version`. Raises Refused or Conflict."""
    engagement = lock_living(engagement.pk)
    require(actor, Permission.REVIEW, engagement.organization)
    sheet = AnswerSheet.objects.select_for_update(of=("self",)).filter(engagement=engagement).first()
    if sheet is None or sheet.state != AnswerSheet.State.SUBMITTED:
        state = sheet.get_state_display().lower() if sheet else AnswerSheet.State.DRAFT.label.lower()
        raise Conflict(f"The questionnaire is not submitted now: it is {state}. Nothing was changed.")
    refuse_other_version(sheet, version)
    sheet.engagement = engagement
    return questionnaire_with(sheet, engagement)


def refuse_other_version(sheet: AnswerSheet, version: int) -> None:
    if sheet.version != version:
        raise Conflict("The questionnaire has moved since you opened it. Read it once more; nothing was changed.")


def sheet_of(questionnaire: Questionnaire) -> AnswerSheet:
    """The sheet of a questionnaire that was begun. Raises Conflict for one that was not."""
    if questionnaire.sheet is None:
        raise Conflict("Nobody has answered anything yet.")
    return questionnaire.sheet
