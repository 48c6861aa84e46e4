"""Whose turn it is in the threads of an engagement. Loaded by EngagementsConfig.ready()."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import Membership
from accounts.permissions import Permission, allowed, is_staff
from core.counting import counted
from core.wording import quoted
from engagements.decisions import Decision, register_decisions
from engagements.models import Engagement, Question, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User
    from engagements.models.question import QuestionQuerySet


@register_decisions()
def threads_to_answer(user: User) -> Iterator[Decision]:
    """Open questions and comments in which the other side spoke last, one entry an engagement."""
    found = _spoken_last_by(is_practice=not is_staff(user)).filter(engagement__in=Engagement.objects.worked_on_by(user))
    threads = found.select_related("engagement__organization", "asked_by").order_by("engagement_id", "pk")
    for _, group in groupby(threads, key=lambda thread: thread.engagement_id):
        mine = [thread for thread in group if _concerns(user, thread)]
        if mine:
            yield _of_threads(user, mine)


def _spoken_last_by(*, is_practice: bool) -> QuestionQuerySet:
    last = Reply.objects.filter(question=OuterRef("pk")).order_by("-pk").values("written_by")[:1]
    spoke = Membership.objects.filter(user=OuterRef("spoke_last"), organization_kind="consultancy")
    asked = Membership.objects.filter(user=OuterRef("asked_by"), organization_kind="consultancy")
    threads: QuestionQuerySet = (
        Question.objects.unresolved()
        .annotate(is_of_practice=Exists(asked))
        .alias(spoke_last=Coalesce(Subquery(last), F("asked_by")))
        .filter(Exists(spoke) if is_practice else ~Exists(spoke))
    )
    return threads


def _concerns(user: User, thread: Question) -> bool:
    """The practice answers all; at the customer's it is whoever asked, and otherwise who works on tasks."""
    if is_staff(user):
        return bool(allowed(user, Permission.WORK_TASK, thread.engagement.organization))
    may_answer = allowed(user, Permission.ANSWER_TASK, thread.engagement.organization)
    return thread.asked_by == user or bool(thread.is_of_practice and may_answer)  # type: ignore[attr-defined]  # annotated


def _of_threads(user: User, threads: list[Question]) -> Decision:
    first, code = threads[0], threads[0].engagement.code
    is_one = len(threads) == 1
    thing = "comment" if all(thread.section for thread in threads) else "question"
    what = f"{counted(len(threads), thing)} {'waits' if is_one else 'wait'} for an answer"
    if all(thread.asked_by == user for thread in threads):
        what = (
            f"{counted(len(threads), f'{thing} of yours', f'{thing}s of yours')} {'was' if is_one else 'were'} answered"
        )
    return Decision(
        title=what,
        text=f"{first.asked_by} asked: {quoted(first.text)}",
        action=f"Open {first.heading.lower()}" if is_one else "Open the questions",
        url=reverse("engagements:question", args=[code, first.number])
        if is_one
        else reverse("engagements:questions", args=[code]),
        engagement=first.engagement,
        open_to_questions=False,
    )
