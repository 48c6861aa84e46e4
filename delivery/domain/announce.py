"""Mail to both sides about parallel delivery: outbox rows in the transaction of the fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from accounts.models import Duty
from accounts.permissions import people_with_duty
from core import outbox
from core.wording import day_text, moment_text, span_text
from engagements.domain.announce import team_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import Model

    from accounts.models import User
    from delivery.models import ArmedCheck, Rollback, TriggerDecision
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
    facts = {"rollback": rollback, "took": took, "url": url}
    _tell("rollback_ended", rollback.engagement, rollback, at=rollback.ended_at, **facts)


def announce_armed_failure(check: ArmedCheck) -> None:
    cutover = check.cutover
    failed = [row for row in check.rows if row["state"] == "fail"]
    ends = day_text(cutover.window_ends.date()) if cutover.window_ends else ""
    facts = {"cutover": cutover, "failed": failed, "ends": ends}
    url = _url("parallel:cutover", cutover.engagement.code, cutover.number)
    _tell("armed_failed", cutover.engagement, check, at=check.checked_at, url=url, **facts)


def _url(name: str, *arguments: object) -> str:
    return f"{settings.PORTAL_URL}{reverse(name, args=arguments)}"


def _tell(template: str, engagement: Engagement, reference: Model, *, at: datetime | None, **context: Any) -> None:
    why = f"You work on {engagement.code}, or answer for it. This message cannot be switched off."
    for person in both_sides(engagement):
        moment = moment_text(at, ZoneInfo(person.time_zone)) if at else ""
        said = {"person": person, "engagement": engagement, "why": why, "moment": moment, **context}
        subject, text, html = outbox.render_mail(template, said)
        outbox.post(template, to=person, subject=subject, text=text, html=html, reference=reference)
