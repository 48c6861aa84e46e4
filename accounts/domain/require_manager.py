from accounts.domain.give_membership import roles_of
from accounts.models import Organization, User
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


def roles_to_give(actor: User, organization: Organization) -> list[str]:
    """The roles of this side that the actor may give, strongest first."""
    return [role for role in roles_of(organization) if _may_give(actor, organization, role)]


def _may_give(actor: User, organization: Organization, role: str) -> bool:
    """Inside the consultancy nobody gives or takes more than they have; a customer's roles are given by either side."""
    if organization.kind == Organization.Kind.CUSTOMER:
        return True
    own = consultancy_role(actor)
    return bool(own) and ROLE_PERMISSIONS[role] <= ROLE_PERMISSIONS[own]
