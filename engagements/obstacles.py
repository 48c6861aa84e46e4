"""Why nothing of a customer, or of a person, can be erased now. Apps register what they know of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models import Membership, Organization, User
from core.models import AuditEvent
from core.wording import day_text
from engagements.models import Engagement, LegalHold
from engagements.steps import OVER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STOPS = (".", "!", "?", "…")
_obstacles: list[Callable[[Organization], Iterator[str]]] = []


def register_obstacle(obstacle: Callable[[Organization], Iterator[str]]) -> Callable[[Organization], Iterator[str]]:
    if obstacle in _obstacles:
        raise ValueError(f"{obstacle.__qualname__} registered twice")
    _obstacles.append(obstacle)
    return obstacle


def obstacles_to(organization: Organization) -> list[str]:
    """Whole sentences; none when its data can be erased."""
    return [sentence for obstacle in _obstacles for sentence in obstacle(organization)]


def obstacles_to_person(person: User) -> list[str]:
    return [*_where_they_work(person), *_holds_on(person)]


@register_obstacle
def running_engagements(organization: Organization) -> Iterator[str]:
    for engagement in Engagement.objects.filter(organization=organization).exclude(phase__in=OVER).order_by("pk"):
        phase = engagement.get_phase_display()
        yield f"{engagement.code} is at “{phase}”. It has to be completed or cancelled first."


@register_obstacle
def holds_on(organization: Organization) -> Iterator[str]:
    holds = LegalHold.objects.filter(organization=organization).standing()
    for hold in holds.select_related("organization", "engagement", "set_by"):
        yield _held(hold)


def _held(hold: LegalHold) -> str:
    reason = hold.reason if hold.reason.endswith(STOPS) else f"{hold.reason}."
    return (
        f"A legal hold stands on {hold.scope}, set by {hold.set_by} on {day_text(hold.set_at)}: {reason} "
        "It has to be lifted first."
    )


def _where_they_work(person: User) -> Iterator[str]:
    led = Engagement.objects.of_team(person).exclude(phase__in=OVER)
    for engagement in led.order_by("pk"):
        yield f"{person} is on the team of {engagement.code}. Give it to somebody else first."
    for membership in Membership.objects.filter(user=person).select_related("organization"):
        if membership.organization_kind == Organization.Kind.CONSULTANCY:
            yield f"{person} belongs to {membership.organization}. End the membership first."
        else:
            yield from running_engagements(membership.organization)


def _holds_on(person: User) -> Iterator[str]:
    for hold in LegalHold.objects.standing().select_related("organization", "engagement", "set_by"):
        if _is_touched(hold, person):
            yield _held(hold)


def _is_touched(hold: LegalHold, person: User) -> bool:
    """Whether they belong to the customer that is held, or acted in what is held."""
    held = Engagement.objects.filter(organization=hold.organization)
    if hold.engagement_id:
        held = held.filter(pk=hold.engagement_id)
    chains = [engagement.audit_chain for engagement in held]
    belongs = Membership.objects.filter(user=person, organization=hold.organization).exists()
    return belongs or AuditEvent.objects.filter(actor=person, chain__in=chains).exists()
