from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.domain.give_membership import roles_of
from accounts.models import Membership, Organization, User
from accounts.models.membership import ROLES_OF_PEOPLE
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict, DomainError
from core.mail_kinds import NO_READER

if TYPE_CHECKING:
    from accounts.models import Organization as Employer
    from accounts.models import User as Person

AT_MOST = 20


def roles_of_services(organization: Employer) -> list[str]:
    """The roles that a service user of this side may have."""
    return [role for role in roles_of(organization) if role not in ROLES_OF_PEOPLE]


@transaction.atomic
def make_service_user(organization: Employer, *, name: str, role: str, actor: Person) -> Membership:
    """An account that programs alone use, by tokens. It has no password, no session and no mail.

    Returns its membership: it belongs to this organization for good. Raises Conflict for a name that is taken.
    """
    require(actor, Permission.MANAGE_SERVICES, organization)
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    name = " ".join(name.split())
    if not name or role not in roles_of_services(organization):
        raise DomainError("Name the program that will use it, and choose a role that a service user can have.")
    services = Membership.objects.services(organization)
    if services.filter(user__full_name__iexact=name).exists():
        raise Conflict(f"{organization} has a service user named {name} already: choose another name.")
    if services.count() >= AT_MOST:
        raise DomainError(f"{organization} has {AT_MOST} service users. End one that is no longer used.")
    made = Membership.objects.create(
        user=_account(name, organization), organization=organization, organization_kind=organization.kind, role=role
    )
    record("service.made", subject=made, actor=actor, service=name, role=role, organization=organization.name)
    return made


def _account(name: str, organization: Employer) -> Person:
    address = f"{uuid.uuid4().hex}{NO_READER}"
    return User.objects.create_user(address, full_name=name, time_zone=organization.time_zone, is_service=True)
