from dataclasses import dataclass
from datetime import datetime

from accounts.domain.accept_invitation import why_refused
from accounts.domain.invite_person import seat_person
from accounts.models import Duty, Invitation, Membership, Organization, User
from accounts.permissions import Answer, Permission, allowed, membership_for

_DUTY = [Duty.Kind.ACCEPT_QUOTES, None]


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a quote goes to, before there is a row for them."""

    email: str
    full_name: str
    origin: str


def may_answer(email: str, organization: Organization) -> Answer:
    """Whether whoever proves that this address is theirs may accept or decline: by duty, or by a seat kept with it."""
    person = User.objects.filter(email__iexact=email).first()
    if person and membership_for(person, organization):
        return allowed(person, Permission.ACCEPT_QUOTE, organization)
    if any(_DUTY in seat.duties and not why_refused(seat) for seat in seats_kept(email, organization)):
        return Answer(is_yes=True)
    return Answer(is_yes=False, reason=f"{organization} has not given {email} the duty to accept quotes.")


def seats_kept(email: str, organization: Organization) -> list[Invitation]:
    """Open invitations of an address, the newest first."""
    kept = Invitation.objects.open().filter(organization=organization, email__iexact=email)
    return list(kept.select_related("organization", "invited_by").order_by("-pk"))


def offer_seat(
    organization: Organization, addressee: Addressee, *, role: str, open_until: datetime, actor: User
) -> None:
    """A seat with the duty to accept quotes, open as long as the quote. A seat that is kept already keeps its role.

    Part of sending or forwarding a quote, which asks for the permission.
    """
    kept = seats_kept(addressee.email, organization)
    if any(_DUTY in seat.duties and seat.expires_at >= open_until for seat in kept):
        return
    duties = [(kind, phase) for seat in kept[:1] for kind, phase in seat.duties]
    seat_person(
        addressee.email,
        organization=organization,
        role=kept[0].role if kept else role,
        duties=dict.fromkeys([*duties, (Duty.Kind.ACCEPT_QUOTES.value, None)]),
        full_name=addressee.full_name,
        open_until=open_until,
        actor=actor,
    )


def is_member(email: str, organization: Organization) -> bool:
    return Membership.objects.filter(organization=organization, user__email__iexact=email).exists()
