from django.db import transaction

from accounts.domain.accept_invitation import accept_proved
from accounts.models import Invitation, Organization, User
from core.errors import Refused


@transaction.atomic
def take_seat(organization: Organization, *, email: str, full_name: str = "") -> User:
    """The person behind an address that was just proved to be somebody's, by a code that was mailed to it.

    A member is found; for anybody else the newest open invitation of the address is accepted, which begins an account
    without a password when there is none. Raises Refused when no seat is kept and when the account is switched off.
    """
    person = User.objects.filter(email__iexact=email).first()
    if person and not person.is_active:
        raise Refused(f"The account of {email} is switched off. Ask {organization} or the practice.")
    if person and person.memberships.filter(organization=organization).exists():
        return person
    kept = Invitation.objects.open().filter(organization=organization, email__iexact=email).order_by("-pk").first()
    if kept is None:
        raise Refused(f"{organization} keeps no seat for {email}.")
    return accept_proved(kept, full_name=full_name)
