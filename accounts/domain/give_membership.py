from collections.abc import Iterable, Sequence

from django.db import transaction

from accounts.models import Duty, Membership, Organization, User
from accounts.models.membership import CONSULTANCY_ROLES, CUSTOMER_ROLES
from accounts.phases import SIGNED_PHASES
from core.audit import record
from core.errors import DomainError

DutyGrant = tuple[str, int | None]

# At the consultancy nobody signs or accepts: both are the customer's answer.
CONSULTANCY_DUTIES = (Duty.Kind.ORDER_ROLLBACK,)


@transaction.atomic
def give_membership(
    user: User, *, organization: Organization, role: str, duties: Iterable[DutyGrant] = (), actor: User
) -> Membership:
    """Make somebody a member, or change their role and duties. Part of accepting an invitation or of managing people.

    `duties` are (kind, phase or None) and replace the earlier ones. Raises DomainError for a role or a duty of the
    wrong side, and for a person of the other side.
    """
    granted = list(dict.fromkeys((kind, phase) for kind, phase in duties))
    refuse_foreign_role(organization, role, granted)
    refuse_the_other_side(user.email, organization)
    membership, _ = Membership.objects.update_or_create(
        user=user, organization=organization, defaults={"role": role, "organization_kind": organization.kind}
    )
    labels = replace_duties(membership, granted, giver=actor)
    record(
        "membership.given",
        subject=membership,
        actor=actor,
        member=user.full_label,
        role=role,
        organization=organization.name,
        duties=labels,
    )
    return membership


def roles_of(organization: Organization) -> tuple[str, ...]:
    return CONSULTANCY_ROLES if organization.kind == Organization.Kind.CONSULTANCY else CUSTOMER_ROLES


def refuse_foreign_role(organization: Organization, role: str, duties: Sequence[DutyGrant]) -> None:
    """Raise DomainError for a role or a duty that this side does not have."""
    if role not in roles_of(organization):
        raise DomainError(f"{organization} has no role called {role}.")
    if any(not _is_known(kind, phase) for kind, phase in duties):
        raise DomainError("There is no such duty: one signs phase 1 to 5, accepts quotes, or may order a rollback.")
    if organization.kind == Organization.Kind.CONSULTANCY and {kind for kind, _ in duties} - set(CONSULTANCY_DUTIES):
        raise DomainError(f"Signing and accepting are the customer's: {organization} has no such duty.")


def refuse_the_other_side(email: str, organization: Organization) -> None:
    """Raise DomainError when this address belongs to the consultancy and would join a customer, or the reverse."""
    elsewhere = Membership.objects.filter(user__email__iexact=email).exclude(organization_kind=organization.kind)
    if other := elsewhere.select_related("organization").order_by("pk").first():
        raise DomainError(
            f"{email} belongs to {other.organization}. Nobody works for the consultancy and for a customer of it:"
            f" use another address for {organization}, or have the membership of {other.organization} ended first."
        )


def _is_known(kind: str, phase: int | None) -> bool:
    return phase in SIGNED_PHASES if kind == Duty.Kind.SIGN_PHASE else kind in Duty.Kind.values and phase is None


def replace_duties(membership: Membership, duties: Iterable[DutyGrant], *, giver: User) -> list[str]:
    """Give exactly these duties, inside the caller's transaction. Returns them in words, as the ledger keeps them.

    A duty that stays also stays given by whoever gave it first.
    """
    wanted, label = list(duties), label_of_giver(giver, membership.organization)
    held = {(duty.kind, duty.phase): duty for duty in membership.duties.all()}
    membership.duties.exclude(pk__in=[held[duty].pk for duty in wanted if duty in held]).delete()
    fresh = [
        Duty(membership=membership, kind=kind, phase=phase, given_by_label=label)
        for kind, phase in wanted
        if (kind, phase) not in held
    ]
    Duty.objects.bulk_create(fresh)
    return [str(held.get((kind, phase)) or Duty(kind=kind, phase=phase)) for kind, phase in wanted]


def label_of_giver(giver: User, organization: Organization) -> str:
    """Name, address and side of whoever names people at an organization."""
    side = organization if is_of(giver, organization) else Organization.objects.consultancy()
    return f"{giver.full_label}, {side}"


def is_of(person: User, organization: Organization) -> bool:
    return Membership.objects.filter(user=person, organization=organization).exists()
