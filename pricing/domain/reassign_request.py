from django.db import transaction

from accounts.models import Organization, User
from accounts.permissions import Permission, people_who_may, require
from core.audit import record
from core.errors import Conflict, DomainError
from engagements.models import Engagement
from pricing.clocks import clock_of
from pricing.domain.announce_clock import announce_reassignment
from pricing.domain.locks import lock_request
from pricing.models import Request


@transaction.atomic
def reassign_request(request: Request, *, actor: User, owner: User, shown_owner: User) -> Request:
    """Give an open request to somebody who may send its quote; both owners are told.

    `shown_owner` is whom the page named: raises Conflict when somebody else gave it away meanwhile.
    """
    request = lock_request(request.pk, request.engagement_id)
    engagement, before = request.engagement, request.owner
    require(actor, Permission.REASSIGN_REQUEST, engagement.organization)
    if engagement.phase != Engagement.Phase.INTAKE:
        raise Conflict(f"{engagement.code} is at “{engagement.get_phase_display()}”: its request is closed.")
    if before != shown_owner:
        raise Conflict(f"The request belongs to {before} by now. Nothing was changed; look again.")
    if owner == before:
        raise DomainError(f"The request belongs to {before} already.")
    if owner not in possible_owners():
        raise DomainError(f"{owner} may not send quotes. Choose somebody who may.")
    request.owner = owner
    request.save(update_fields=["owner"])
    record("request.reassigned", subject=request, actor=actor, before=str(before), after=str(owner))
    people = [person for person in (owner, before) if person.is_active and person != actor]
    announce_reassignment(request, clock_of(request), people, giver=actor, before=before)
    return request


def possible_owners() -> list[User]:
    """Everybody at the practice who may send quotes, by name."""
    return people_who_may(Organization.objects.consultancy(), Permission.SEND_QUOTE)
