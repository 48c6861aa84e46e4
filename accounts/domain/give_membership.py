from collections.abc import Iterable

from django.db import transaction

from accounts.models import Duty, Membership, Organization, User
from accounts.models.membership import CONSULTANCY_ROLES, CUSTOMER_ROLES
from core.audit import record
from core.errors import DomainError

DutyGrant = tuple[str, int | None]


@transaction.atomic
def give_membership(
    user: User, *, organization: Organization, role: str, duties: Iterable[DutyGrant] = (), actor: User
) -> Membership:
    """Make somebody a member, or change their role and duties. Part of accepting an invitation or of managing people.

    `duties` are (kind, phase or None) and replace the earlier ones. Raises DomainError for a role of the wrong side.
    """
    roles = CONSULTANCY_ROLES if organization.kind == Organization.Kind.CONSULTANCY else CUSTOMER_ROLES
    if role not in roles:
        raise DomainError(f"{organization} has no role called {role}.")
    membership, _ = Membership.objects.update_or_create(
        user=user, organization=organization, defaults={"role": role, "organization_kind": organization.kind}
    )
    membership.duties.all().delete()
    granted = [Duty(membership=membership, kind=kind, phase=phase) for kind, phase in dict.fromkeys(map(tuple, duties))]
    Duty.objects.bulk_create(granted)
    record(
        "membership.given",
        subject=membership,
        actor=actor,
        member=user.full_label,
        role=role,
        organization=organization.name,
        duties=[str(duty) for duty in granted],
    )
    return membership
