from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.models import Organization
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict, DomainError
from engagements.models import Engagement, LegalHold

if TYPE_CHECKING:
    from accounts.models import User


def lock_customer(pk: int) -> Organization:
    """The lock that holds, erasures and rounds share: none begins while another looks."""
    organization: Organization = Organization.objects.select_for_update(no_key=True).get(pk=pk)
    if organization.kind != Organization.Kind.CUSTOMER:
        raise DomainError(f"{organization} is the practice itself: its records are not a customer's.")
    return organization


def lock_ends() -> None:
    """The lock under which a round removes rows and holds are set: whoever sets one waits for the batch that runs."""
    Organization.objects.select_for_update(no_key=True).filter(kind=Organization.Kind.CONSULTANCY).first()


@transaction.atomic
def set_hold(
    organization: Organization, *, engagement: Engagement | None = None, reason: str, actor: User
) -> LegalHold:
    """From now on nothing of the customer, or of this one engagement, is erased."""
    organization = lock_customer(organization.pk)
    lock_ends()
    require(actor, Permission.ERASE_RECORDS, organization)
    if not reason.strip():
        raise DomainError("Say why it is held: whoever lifts it has to know.")
    if LegalHold.objects.filter(organization=organization, engagement=engagement).standing().exists():
        raise Conflict(f"A legal hold stands on {engagement.code if engagement else organization} already.")
    hold = LegalHold.objects.create(
        organization=organization, engagement=engagement, reason=reason.strip(), set_by=actor
    )
    record("hold.set", subject=hold, actor=actor, scope=hold.scope, reason=hold.reason)
    return hold


@transaction.atomic
def lift_hold(hold: LegalHold, *, reason: str, actor: User) -> LegalHold:
    organization = lock_customer(hold.organization_id)
    require(actor, Permission.ERASE_RECORDS, organization)
    hold = (
        LegalHold.objects.select_for_update(of=("self",)).select_related("organization", "engagement").get(pk=hold.pk)
    )
    if hold.lifted_at:
        raise Conflict(f"The hold on {hold.scope} was lifted by {hold.lifted_by} already.")
    if not reason.strip():
        raise DomainError("Say why it is lifted: what it held can be erased from then on.")
    hold.lifted_by, hold.lifted_at, hold.lifted_because = actor, timezone.now(), reason.strip()
    hold.save(update_fields=["lifted_by", "lifted_at", "lifted_because"])
    record("hold.lifted", subject=hold, actor=actor, scope=hold.scope, reason=hold.lifted_because)
    return hold
