"""What runbooks ask of people, on their home page. Loaded by ReportsConfig.ready()."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.permissions import Permission, allowed, is_staff
from core.counting import counted
from engagements.decisions import Decision, register_decisions
from engagements.models import Engagement
from reports.domain.approve_runbook import party_of
from reports.models import RunbookApproval, RunbookRevision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from accounts.models import User


@register_decisions(Permission.APPROVE_RUNBOOK)
def runbooks_to_approve(user: User) -> Iterator[Decision]:
    """Newest revisions that this person's side has not approved, one decision an engagement."""
    waiting = _newest(user).exclude(approvals__party=party_of(user))
    for engagement, count in _by_engagement(waiting):
        if allowed(user, Permission.APPROVE_RUNBOOK, engagement.organization):
            yield _decision(
                engagement,
                title=f"{counted(count, 'runbook waits', 'runbooks wait')} for your approval",
                text="Gate 5 asks that both sides approved each of them.",
            )


@register_decisions(Permission.ANSWER_TASK)
def runbooks_to_read(user: User) -> Iterator[Decision]:
    """Approved by both sides, and nobody of the customer has said that they read it."""
    if is_staff(user):
        return
    customer = RunbookApproval.Party.CUSTOMER
    waiting = _newest(user).filter(approvals__party=customer).exclude(readings__party=customer)
    for engagement, count in _by_engagement(waiting):
        if allowed(user, Permission.ANSWER_TASK, engagement.organization):
            yield _decision(
                engagement,
                title=f"{counted(count, 'runbook has', 'runbooks have')} not been read",
                text="Gate 5 asks that somebody of you read each of them, and says so.",
            )


def _newest(user: User) -> QuerySet[RunbookRevision]:
    same = {"engagement": OuterRef("engagement"), "key": OuterRef("key")}
    newer = RunbookRevision.objects.filter(**same, number__gt=OuterRef("number"))
    return RunbookRevision.objects.filter(~Exists(newer), engagement__in=Engagement.objects.worked_on_by(user))


def _by_engagement(revisions: QuerySet[RunbookRevision]) -> Iterator[tuple[Engagement, int]]:
    found = revisions.select_related("engagement__organization").defer("content").order_by("engagement_id", "key")
    for _, group in groupby(found, key=lambda revision: revision.engagement_id):
        of_one = list(group)
        yield of_one[0].engagement, len(of_one)


def _decision(engagement: Engagement, *, title: str, text: str) -> Decision:
    return Decision(
        title=title,
        text=text,
        action="Open the runbooks",
        url=reverse("runbooks:list", args=[engagement.code]),
        engagement=engagement,
    )
