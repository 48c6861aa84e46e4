"""What parallel delivery and the cutover ask of people, on their home page. Loaded by DeliveryConfig.ready()."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse

from accounts.permissions import Permission, allowed, allowed_any, is_staff
from core.counting import counted
from core.wording import told
from delivery.cutover_state import order_reasons
from delivery.domain.roll_back import BOTH_SIDES
from delivery.models import Cutover, DiscrepancyCase, Ramp, Rollback, ShareChange, TriggerDecision
from delivery.ramp.book import WHOLE, load_plan
from delivery.ramp_state import RUNNING, approvals_of
from delivery.run_sheet import may_do
from engagements.decisions import Decision, register_decisions
from engagements.models import Engagement
from engagements.schedule import PARALLEL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from accounts.models import User
    from delivery.models import CutoverStep


@register_decisions(*BOTH_SIDES)
def rollbacks_running(user: User) -> Iterator[Decision]:
    """A way back that is under way: whoever can do something about it sees the clock first."""
    running = Rollback.objects.running().filter(engagement__in=Engagement.objects.of_team_or_customer(user))
    for rollback in running.select_related("engagement__organization", "started_by"):
        if allowed_any(user, BOTH_SIDES, rollback.engagement.organization):
            yield Decision(
                title=f"{rollback} is under way",
                text=f"{rollback.started_by} started it on {told(rollback.started_at)}. Everything goes to Postfix.",
                action="Go to the clock",
                url=reverse("parallel:rollback", args=[rollback.engagement.code, rollback.number]),
                engagement=rollback.engagement,
                opens=True,
                open_to_questions=False,
            )


@register_decisions(Permission.WORK_TASK)
def rollbacks_to_explain(user: User) -> Iterator[Decision]:
    """Real rollbacks that ended without anybody having said what led to them."""
    ended = Rollback.objects.filter(engagement__in=Engagement.objects.of_team_or_customer(user))
    ended = ended.filter(is_drill=False, ended_at__isnull=False, explained_at=None)
    for rollback in ended.select_related("engagement__organization"):
        if is_staff(user) and allowed(user, Permission.WORK_TASK, rollback.engagement.organization):
            yield Decision(
                title=f"Say what led to {rollback}",
                text=f"It ended on {told(rollback.ended_at)}. Both sides read it." if rollback.ended_at else "",
                action="Open the rollback",
                url=reverse("parallel:rollback", args=[rollback.engagement.code, rollback.number]),
                engagement=rollback.engagement,
            )


@register_decisions(Permission.ORDER_ROLLBACK)
def triggers_crossed(user: User) -> Iterator[Decision]:
    """Triggers that were crossed, for whoever may order a rollback; also while the engagement is held."""
    theirs = Engagement.objects.of_team_or_customer(user)
    waiting = TriggerDecision.objects.filter(engagement__in=theirs, decided_at=None)
    for crossed in waiting.select_related("engagement__organization"):
        if allowed(user, Permission.ORDER_ROLLBACK, crossed.engagement.organization):
            yield Decision(
                title=f"Go back to Postfix or stay: {crossed.title}",
                text=crossed.said,
                action="Decide",
                url=reverse("parallel:decision", args=[crossed.engagement.code, crossed.number]),
                engagement=crossed.engagement,
                opens=True,
                open_to_questions=False,
            )


@register_decisions(Permission.WORK_TASK)
def changes_to_confirm(user: User) -> Iterator[Decision]:
    """Changes of a share that a person has to make at the proxy, and to confirm here."""
    asked = ShareChange.objects.filter(ramp__engagement__in=Engagement.objects.worked_on_by(user))
    asked = asked.filter(state=ShareChange.State.ASKED, by_line=False)
    for change in asked.select_related("ramp__engagement__organization", "ramp__stream"):
        ramp = change.ramp
        if allowed(user, Permission.WORK_TASK, ramp.engagement.organization):
            yield Decision(
                title=f"Confirm the share of {ramp.title}: {change}",
                text="This portal does not change this proxy. Run the command there, then say what it answers.",
                action="Open the ramp",
                url=reverse("parallel:ramp", args=[ramp.engagement.code, ramp.number]),
                engagement=ramp.engagement,
            )


@register_decisions(Permission.SIGN)
def steps_to_approve(user: User) -> Iterator[Decision]:
    """Next steps of a ramp, for whoever signs phase 3 at the customer's. 100 % belongs to the cutover."""
    if is_staff(user):
        return
    theirs = Ramp.objects.filter(engagement__in=Engagement.objects.worked_on_by(user).filter(phase__in=RUNNING))
    ramps = list(theirs.select_related("engagement__organization", "stream"))
    approved = approvals_of(ramps)
    for ramp in ramps:
        step = load_plan().next_after(ramp.share)
        if step is None or (step == WHOLE and ramp.engagement.phase == Engagement.Phase.PARALLEL):
            continue
        if ramp.pk not in approved and allowed(user, Permission.SIGN, ramp.engagement.organization, phase=PARALLEL):
            yield Decision(
                title=f"Say whether {ramp.title} may go to {step} %",
                text=f"{ramp.share} % is on the new route now. "
                "The page shows how old and new compare, and what still stands against it.",
                action="Review and decide",
                url=reverse("parallel:ramp", args=[ramp.engagement.code, ramp.number]),
                engagement=ramp.engagement,
            )


@register_decisions(*BOTH_SIDES)
def cases_open(user: User) -> Iterator[Decision]:
    """Messages that nothing accounts for yet: to the team all of them, at the customer's to whoever has taken one."""
    cases = DiscrepancyCase.objects.open().filter(engagement__in=Engagement.objects.worked_on_by(user))
    if not is_staff(user):
        cases = cases.filter(owner=user)
    found = cases.select_related("engagement__organization").order_by("engagement_id", "number")
    for _, group in groupby(found, key=lambda case: case.engagement_id):
        of_one = list(group)
        engagement, nobody = of_one[0].engagement, sum(case.owner_id is None for case in of_one)
        if allowed_any(user, BOTH_SIDES, engagement.organization):
            yield Decision(
                title=f"{counted(len(of_one), 'open case')} of the reconciliation",
                text=f"{counted(sum(case.count for case in of_one), 'message')} that the logs do not account for; "
                f"nobody has taken {nobody} of {len(of_one)}.",
                action="Open the cases",
                url=reverse("parallel:cases", args=[engagement.code]),
                engagement=engagement,
            )


@register_decisions()
def cutovers_under_way(user: User) -> Iterator[Decision]:
    """Run-sheets that are walked: what of it this person can do."""
    planned = Cutover.objects.filter(
        Q(done_at=None, fallen_back_at=None), engagement__in=Engagement.objects.worked_on_by(user)
    )
    for cutover in planned.select_related("engagement__organization").prefetch_related("steps"):
        if mine := _steps_of(user, cutover):
            yield Decision(
                title=f"{cutover}: {counted(len(mine), 'step')} of yours on the run-sheet",
                text=f"Planned for {told(cutover.planned_for)}. The next one: {mine[0].title}.",
                action="Open the run-sheet",
                url=reverse("parallel:cutover", args=[cutover.engagement.code, cutover.number]) + "#steps",
                engagement=cutover.engagement,
                due_at=cutover.planned_for,
            )


def _steps_of(user: User, cutover: Cutover) -> Sequence[CutoverStep]:
    """Without those that an approval holds, and the approval where something before it is not done."""
    steps = list(cutover.steps.all())
    undone = [step for step in steps if step.done_at is None and not order_reasons(step, steps)]
    return [step for step in undone if may_do(step, cutover, user)]
