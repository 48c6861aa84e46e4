from django.db import transaction

from accounts.domain.invite_person import invitation_url, keep_seat
from accounts.domain.set_up_consultancy import set_up_consultancy
from accounts.models import Membership, User
from core.audit import record
from core.errors import DomainError


@transaction.atomic
def open_portal(
    email: str, *, full_name: str, consultancy: str, time_zone: str, password: str = ""
) -> tuple[User, str]:
    """Set up an empty portal with its consultancy and first owner.

    Without a password the owner's account waits for its first sign-in; the address of the page where the owner takes it
    is returned beside the owner, and stored nowhere. Raises Conflict when the portal has its consultancy already.
    """
    email = email.strip().lower()
    if User.objects.filter(email__iexact=email).exists():
        raise DomainError(f"{email} has an account already.")
    owner = User.objects.create_user(email, password or None, full_name=full_name, time_zone=time_zone)
    organization = set_up_consultancy(name=consultancy, owner=owner, time_zone=time_zone)
    if password:
        return owner, ""
    role = Membership.Role.OWNER
    invitation, token = keep_seat(email, organization=organization, role=role, full_name=full_name, invited_by=owner)
    record("invitation.sent", subject=invitation, actor=None, email=email, role=role)
    return owner, invitation_url(token)
