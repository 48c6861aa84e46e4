"""What discovery asks of people, on their home page. Loaded by DiscoveryConfig.ready()."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.urls import reverse

from accounts.permissions import Permission, allowed, is_staff
from core.counting import counted
from discovery.gaps import waiting_gaps
from discovery.models import AnswerSheet, Finding
from engagements.content import AT_WORK
from engagements.decisions import Decision, register_decisions
from engagements.models import Engagement
from engagements.steps import OVER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from accounts.models import User
    from engagements.models.engagement import EngagementQuerySet

WRITTEN_IN = (AnswerSheet.State.DRAFT, AnswerSheet.State.RETURNED)


@register_decisions(Permission.ANSWER_TASK, Permission.REVIEW)
def questionnaires_asked(user: User) -> Iterable[Decision]:
    """Questionnaires that wait: for the customer's people who may answer, or for the consultants of the engagement."""
    return _to_judge(user) if is_staff(user) else _to_answer(user)


@register_decisions(Permission.DECIDE_GAP)
def gaps_waiting(user: User) -> Iterator[Decision]:
    """Lines without an equal on the target, for the customer's people who decide; while the plan is being made.

    Before the target is chosen the lines of both stand in the translation, and nobody is asked for twice as many.
    """
    if is_staff(user):
        return
    for engagement in _planned(user).exclude(target="").select_related("organization"):
        waiting = waiting_gaps(engagement)
        if allowed(user, Permission.DECIDE_GAP, engagement.organization) and (count := waiting.count()):
            recommended = waiting.exclude(recommended="").count()
            yield Decision(
                title=f"{count} translation decision{' waits' if count == 1 else 's wait'} for you",
                text="What stands in these lines of Postfix has no equal on the target. Every choice is in the fee. "
                f"The consultants recommend something for {recommended} of {count}.",
                action="Open the decisions",
                url=reverse("discovery:translation_gaps", args=[engagement.code]),
                engagement=engagement,
            )


@register_decisions(Permission.REVIEW)
def findings_waiting(user: User) -> Iterator[Decision]:
    """Blocking and high findings without an answer, for the team: the plan cannot be signed before."""
    if not is_staff(user):
        return
    planned = Engagement.objects.worked_on_by(user).filter(phase=Engagement.Phase.DISCOVERY)
    waiting = Finding.objects.current().unanswered().urgent().filter(engagement__in=planned)
    counts = dict(waiting.order_by().values_list("engagement").annotate(count=Count("pk")))
    for engagement in planned.filter(pk__in=counts).select_related("organization"):
        if allowed(user, Permission.REVIEW, engagement.organization):
            yield Decision(
                title=counted(counts[engagement.pk], "blocking or high finding") + " without an answer",
                text="The plan is not signed before each of them has one.",
                action="Open the findings",
                url=reverse("discovery:queue", args=[engagement.code]),
                engagement=engagement,
            )


def _planned(user: User) -> EngagementQuerySet:
    """Engagements whose plan is still open, or open again."""
    visible = Engagement.objects.visible_to(user).filter(gates__number=1, gates__state__in=AT_WORK)
    planned: EngagementQuerySet = visible.exclude(phase__in=[*OVER, Engagement.Phase.ON_HOLD])
    return planned


def _to_answer(user: User) -> Iterator[Decision]:
    is_open = Q(answer_sheet=None) | Q(answer_sheet__state__in=WRITTEN_IN)
    visible = Engagement.objects.visible_to(user).filter(is_open, phase=Engagement.Phase.DISCOVERY)
    # A plan that is out for signature was made with the answers there were.
    waiting = visible.filter(gates__number=1, gates__state__in=AT_WORK)
    for engagement in waiting.select_related("organization", "answer_sheet"):
        if allowed(user, Permission.ANSWER_TASK, engagement.organization):
            sheet = getattr(engagement, "answer_sheet", None)
            yield Decision(
                title="Answer the questionnaire",
                text=_text_of(sheet),
                action="Open the questionnaire",
                url=reverse("discovery:questionnaire", args=[engagement.code]),
                engagement=engagement,
            )


def _text_of(sheet: AnswerSheet | None) -> str:
    if sheet is None:
        return "The plan is made from what the uploads show and what only your people know. Nobody has answered yet."
    if sheet.state == AnswerSheet.State.RETURNED:
        return "The consultants returned some answers with a note. Change those, then submit the questionnaire again."
    return "It has been begun and not submitted yet. “I do not know” is an answer."


def _to_judge(user: User) -> Iterator[Decision]:
    submitted = (
        AnswerSheet.objects.visible_to(user)
        .filter(state=AnswerSheet.State.SUBMITTED)
        .exclude(engagement__phase__in=[*OVER, Engagement.Phase.ON_HOLD])
    )
    on_the_team = Q(engagement__lead=user) | Q(engagement__consultants=user)
    for sheet in submitted.filter(on_the_team).select_related("engagement__organization", "submitted_by").distinct():
        engagement = sheet.engagement
        if allowed(user, Permission.REVIEW, engagement.organization):
            yield Decision(
                title="Review the questionnaire",
                text=(
                    f"{sheet.submitted_by} submitted it: "
                    f"{counted(len(sheet.asked), 'question was', 'questions were')} asked."
                ),
                action="Review the answers",
                url=reverse("discovery:answers_review", args=[engagement.code]),
                engagement=engagement,
            )
