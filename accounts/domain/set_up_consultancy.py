from django.db import transaction

from accounts.models import Membership, Organization, User
from core.audit import record
from core.errors import Conflict


@transaction.atomic
def set_up_consultancy(*, name: str, owner: User, time_zone: str) -> Organization:
    """Create the one consultancy of a portal with its first owner. Raises Conflict when there is one."""
    if Organization.objects.filter(kind=Organization.Kind.CONSULTANCY).exists():
        raise Conflict("This portal has its consultancy already.")
    consultancy = Organization.objects.create(kind=Organization.Kind.CONSULTANCY, name=name, time_zone=time_zone)
    Membership.objects.create(
        user=owner, organization=consultancy, organization_kind=consultancy.kind, role=Membership.Role.OWNER
    )
    record("organization.created", subject=consultancy, actor=owner, name=name, owner=owner.full_label)
    return consultancy
