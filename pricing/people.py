"""Who of the practice hears of a request and of its quote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models import Membership, Organization
from pricing.clock_steps import Kind

if TYPE_CHECKING:
    from accounts.models import User
    from pricing.models import Request


def people_told(request: Request, kind: Kind) -> list[User]:
    """The owner, and from the last warning on the lead; where the owner has left, the lead from the first."""
    owners = [request.owner] if _is_here(request.owner) else []
    leads = [] if owners and kind == Kind.FIRST else _leads_of(request)
    return list(dict.fromkeys([*owners, *leads]))


def owner_or_leads(request: Request) -> list[User]:
    """Whoever answers for it now: its owner, or the leads once the owner has left the practice."""
    return people_told(request, Kind.FIRST)


def _leads_of(request: Request) -> list[User]:
    """The engagement's lead; before there is one, everybody who leads at the practice, or else its owners."""
    lead = request.engagement.lead
    if lead is not None and _is_here(lead):
        return [lead]
    practice = Organization.objects.consultancy()
    for role in (Membership.Role.LEAD, Membership.Role.OWNER):
        members = Membership.objects.working().filter(organization=practice, role=role)
        if people := [member.user for member in members.select_related("user").order_by("user__full_name")]:
            return people
    return []


def _is_here(person: User) -> bool:
    """Whether they still work at the practice, and read mail."""
    return person.is_working and person.memberships.filter(organization_kind="consultancy").exists()
