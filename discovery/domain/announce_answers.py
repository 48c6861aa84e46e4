"""Mail about the questionnaire: outbox rows in the transaction of the fact. No answer stands in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from accounts.permissions import Permission, people_who_may
from core import outbox
from engagements.domain.announce import team_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from discovery.models import Answer, AnswerSheet
    from engagements.models import Engagement


def announce_submission(sheet: AnswerSheet) -> None:
    _tell(team_of(sheet.engagement), "answers_submitted", sheet, "answers_review")


def announce_return(sheet: AnswerSheet, returned: Sequence[tuple[Answer, str]]) -> None:
    _tell(respondents_of(sheet.engagement), "answers_returned", sheet, "questionnaire", count=len(returned))


def announce_acceptance(sheet: AnswerSheet) -> None:
    _tell(respondents_of(sheet.engagement), "answers_accepted", sheet, "answers")


def respondents_of(engagement: Engagement) -> list[User]:
    """The customer's people who may answer, by name."""
    return people_who_may(engagement.organization, Permission.ANSWER_TASK)


def _tell(people: Sequence[User], template: str, sheet: AnswerSheet, page: str, **more: Any) -> None:
    engagement = sheet.engagement
    url = settings.PORTAL_URL + reverse(f"discovery:{page}", args=[engagement.code])
    for person in people:
        context = {"person": person, "sheet": sheet, "engagement": engagement, "url": url, **more}
        subject, text, html = outbox.render_mail(template, context)
        outbox.post(template, to=person, subject=subject, text=text, html=html, reference=sheet)
