"""Mail to both sides about parallel delivery: outbox rows in the transaction of the fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from accounts.models import Duty
from accounts.permissions import people_with_duty
from core import outbox
from core.models import OutboxMessage
from core.wording import day_text, moment_text, span_text
from delivery.traffic_state import open_cases
from engagements.domain.announce import team_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import Model

    from accounts.models import User
    from delivery.models import (
        ArmedCheck,
        CutoverStep,
        InsightCard,
        ReconciliationRun,
        Rollback,
        ShareChange,
        StepApproval,
        TriggerDecision,
    )
    from engagements.models import Engagement


def both_sides(engagement: Engagement) -> list[User]:
    """The team, and whoever at the customer may order a rollback or signs phases 3 and 4."""
    organization = engagement.organization
    people = [*team_of(engagement), *people_with_duty(organization, Duty.Kind.ORDER_ROLLBACK)]
    for phase in (3, 4):
        people += people_with_duty(organization, Duty.Kind.SIGN_PHASE, phase)
    return list(dict.fromkeys(people))


def announce_trigger(decision: TriggerDecision) -> None:
    url = _url("parallel:dashboard", decision.engagement.code)
    _tell("trigger_crossed", decision.engagement, decision, at=decision.opened_at, decision=decision, url=url)


def announce_rollback(rollback: Rollback) -> None:
    url = _url("parallel:rollback", rollback.engagement.code, rollback.number)
    _tell("rollback_started", rollback.engagement, rollback, at=rollback.started_at, rollback=rollback, url=url)


def announce_silence(rollback: Rollback) -> None:
    url = _url("parallel:rollback", rollback.engagement.code, rollback.number)
    _tell("rollback_silent", rollback.engagement, rollback, at=rollback.started_at, rollback=rollback, url=url)


def announce_rollback_ended(rollback: Rollback) -> None:
    url = _url("parallel:rollback", rollback.engagement.code, rollback.number)
    took = span_text(rollback.took) if rollback.took else ""
    facts: dict[str, Any] = {"rollback": rollback, "took": took, "url": url}
    _tell("rollback_ended", rollback.engagement, rollback, at=rollback.ended_at, **facts)


def announce_armed_failure(check: ArmedCheck) -> None:
    cutover = check.cutover
    failed = [row for row in check.rows if row["state"] == "fail"]
    ends = day_text(cutover.window_ends.date()) if cutover.window_ends else ""
    facts: dict[str, Any] = {"cutover": cutover, "failed": failed, "ends": ends}
    url = _url("parallel:cutover", cutover.engagement.code, cutover.number)
    _tell("armed_failed", cutover.engagement, check, at=check.checked_at, url=url, **facts)


def announce_approval(approval: StepApproval) -> None:
    ramp = approval.ramp
    url = _url("parallel:ramp", ramp.engagement.code, ramp.number)
    _tell("step_approved", ramp.engagement, approval, at=approval.approved_at, approval=approval, ramp=ramp, url=url)


def announce_share(change: ShareChange) -> None:
    ramp = change.ramp
    url = _url("parallel:ramp", ramp.engagement.code, ramp.number)
    _tell("share_changed", ramp.engagement, change, at=change.settled_at, change=change, ramp=ramp, url=url)


def announce_cases(run: ReconciliationRun, *, new: int) -> None:
    """`new` messages that no run found before."""
    cases, url = list(open_cases(run.engagement)), _url("parallel:cases", run.engagement.code)
    _tell("cases_found", run.engagement, run, at=run.done_at, url=url, run=run, new=new, cases=cases)


def announce_stale(run: ReconciliationRun) -> None:
    """Once for each run, however often one looks."""
    if not OutboxMessage.objects.filter(kind="evidence_stale", reference_id=str(run.pk)).exists():
        url = _url("parallel:traffic", run.engagement.code)
        _tell("evidence_stale", run.engagement, run, at=run.covered_to, url=url)


def announce_card(card: InsightCard) -> None:
    """Whoever was named is asked, and nobody else."""
    to = [card.escalated_to] if card.escalated_to else []
    url = _url("watch:card", card.engagement.code, card.number)
    _tell("card_escalated", card.engagement, card, at=card.escalated_at, to=to, card=card, url=url)


def announce_go(step: CutoverStep) -> None:
    """Whoever signs phase 4 at the customer is asked."""
    cutover = step.cutover
    signers = people_with_duty(cutover.engagement.organization, Duty.Kind.SIGN_PHASE, 4)
    url = _url("parallel:cutover", cutover.engagement.code, cutover.number)
    at = cutover.planned_for
    _tell("go_asked", cutover.engagement, step, at=at, to=signers, cutover=cutover, step=step, url=url)


def _url(name: str, *arguments: object) -> str:
    return f"{settings.PORTAL_URL}{reverse(name, args=arguments)}"


def _tell(
    template: str,
    engagement: Engagement,
    reference: Model,
    *,
    at: datetime | None,
    to: Iterable[User] | None = None,
    **context: Any,
) -> None:
    """Both sides, unless `to` names who it is for."""
    why = f"You work on {engagement.code}, or answer for it."
    for person in both_sides(engagement) if to is None else to:
        moment = moment_text(at, ZoneInfo(person.time_zone)) if at else ""
        said = {"person": person, "engagement": engagement, "why": why, "moment": moment, **context}
        subject, text, html = outbox.render_mail(template, said)
        outbox.post(template, to=person, subject=subject, text=text, html=html, reference=reference)
