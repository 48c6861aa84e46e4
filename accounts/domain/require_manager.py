from accounts.domain.give_membership import roles_of
from accounts.models import Membership, Organization, User
from accounts.permissions import ROLE_PERMISSIONS, Permission, consultancy_role, require
from core.errors import Refused


def require_manager(actor: User, organization: Organization, *roles: str) -> None:
    """Raise Refused unless this person may manage the people there, and may give and take each of `roles`."""
    require(actor, Permission.MANAGE_PEOPLE, organization)
    for role in roles:
        if not _may_give(actor, organization, role):
            raise Refused(
                f"Your role at {organization} is {consultancy_role(actor)}: you may not give or take the role"
                f" {role}, which may do things that yours may not."
            )


def refuse_oneself(actor: User, membership: Membership) -> None:
    """Raise Refused when somebody is about to change their own role or duties; the sentence says who can."""
    if reason := why_not_oneself(actor, membership):
        raise Refused(reason)


def why_not_oneself(actor: User, membership: Membership) -> str:
    """Why this person may not change this membership although they manage people; empty when it is somebody else's."""
    if membership.user_id != actor.pk:
        return ""
    whom = whom_to_ask(membership.organization, membership.role, besides=actor)
    return f"You may not change your own role or duties. Ask {whom}."


def whom_to_ask(organization: Organization, role: str, *, besides: User) -> str:
    """Who may give this role there, by name; for a customer also the practice, which may as well."""
    members = Membership.objects.working().filter(organization=organization).exclude(user=besides)
    names = [
        str(one.user)
        for one in members.select_related("user").order_by("user__full_name", "pk")
        if _gives(organization, one.role, role)
    ]
    if organization.kind == Organization.Kind.CUSTOMER:
        names.append(f"sales or a lead at {Organization.objects.consultancy()}")
    return " or ".join(names) or f"for another owner of {organization} first"


def _gives(organization: Organization, own: str, role: str) -> bool:
    may_manage = Permission.MANAGE_PEOPLE in ROLE_PERMISSIONS[own]
    within = organization.kind == Organization.Kind.CUSTOMER or ROLE_PERMISSIONS[role] <= ROLE_PERMISSIONS[own]
    return may_manage and within


def roles_to_give(actor: User, organization: Organization) -> list[str]:
    """The roles of this side that the actor may give, strongest first."""
    return [role for role in roles_of(organization) if _may_give(actor, organization, role)]


def _may_give(actor: User, organization: Organization, role: str) -> bool:
    """Inside the consultancy nobody gives or takes more than they have; a customer's roles are given by either side."""
    if organization.kind == Organization.Kind.CUSTOMER:
        return True
    own = consultancy_role(actor)
    return bool(own) and ROLE_PERMISSIONS[role] <= ROLE_PERMISSIONS[own]
