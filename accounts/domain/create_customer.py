from django.db import transaction

from accounts.models import Organization, User
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import DomainError


@transaction.atomic
def create_customer(*, name: str, time_zone: str, actor: User) -> Organization:
    """Add a customer organization. Raises DomainError when the name is taken."""
    require(actor, Permission.EDIT_REQUEST, Organization.objects.consultancy())
    name = " ".join(name.split())
    if Organization.objects.filter(name__iexact=name).exists():
        raise DomainError(
            f"There is an organization called {name} already. Open its engagement, or choose another name."
        )
    return add_customer(name=name, time_zone=time_zone, actor=actor)


def add_customer(*, name: str, time_zone: str, actor: User | None) -> Organization:
    """Part of creating; asks for no permission itself. `actor` is None where a visitor of the website asked."""
    customer = Organization.objects.create(kind=Organization.Kind.CUSTOMER, name=name, time_zone=time_zone)
    record("organization.created", subject=customer, actor=actor, name=name)
    return customer
