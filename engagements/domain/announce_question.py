"""Mail about questions, comments and answers: outbox rows in the transaction of the fact. It can be switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from accounts.permissions import Permission, is_staff, people_who_may
from core import outbox
from engagements.domain.announce import team_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from accounts.models import User
    from engagements.models import Question, Reply


def announce_question(question: Question, *, told_otherwise: Collection[User]) -> None:
    """To the other side: the customer's questions to the team, the practice's to whoever works for the customer."""
    people = [person for person in _other_side(question, question.asked_by) if person not in told_otherwise]
    _tell(people, question, "question_asked", question.asked_by)


def announce_reply(reply: Reply) -> None:
    """To everybody who spoke in the thread."""
    question = reply.question
    earlier = question.replies.exclude(pk=reply.pk).select_related("written_by").order_by("pk")
    people = [question.asked_by, *(one.written_by for one in earlier)]
    _tell(people, question, "question_answered", reply.written_by)


def _other_side(question: Question, person: User) -> list[User]:
    engagement = question.engagement
    if is_staff(person):
        return people_who_may(engagement.organization, Permission.ANSWER_TASK)
    return team_of(engagement)


def _tell(people: Iterable[User], question: Question, template: str, writer: User) -> None:
    engagement = question.engagement
    path = reverse("engagements:question", args=[engagement.code, question.number])
    why = f"You work on {engagement.code}, or wrote in this thread."
    facts: dict[str, Any] = {"question": question, "engagement": engagement, "writer": writer, "why": why}
    for person in dict.fromkeys(people):
        if person == writer or not person.is_active:
            continue
        context = {**facts, "person": person, "url": f"{settings.PORTAL_URL}{path}"}
        subject, text, html = outbox.render_mail(template, context)
        outbox.post(template, to=person, subject=subject, text=text, html=html, reference=question)
