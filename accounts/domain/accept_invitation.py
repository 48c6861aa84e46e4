from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from accounts.domain.give_membership import give_membership
from accounts.models import Invitation, User
from core.audit import record
from core.errors import Conflict, DomainError
from core.wording import told

INCOMPLETE = "This invitation link is not complete. Copy the whole link from the message."


def find_invitation(token: str) -> Invitation | None:
    """What a link leads to, whatever became of it. The token is the permission: nobody else knows it."""
    found = Invitation.objects.for_token(token).select_related("organization", "invited_by", "accepted_by")
    return found.first()


def why_closed(invitation: Invitation | None) -> str:
    """Why this seat cannot be taken any more, as a sentence; empty while it can."""
    if invitation is None:
        return INCOMPLETE
    if invitation.accepted_at:
        return f"This invitation was accepted on {told(invitation.accepted_at)}. It works once; sign in instead."
    if invitation.withdrawn_at:
        return (
            f"This invitation was withdrawn on {told(invitation.withdrawn_at)}."
            f" If you expected it, ask {invitation.invited_by} for a new one."
        )
    if invitation.is_expired:
        return (
            f"This invitation was open until {told(invitation.expires_at)}. Ask {invitation.invited_by} for a new one."
        )
    return ""


def is_prepared(person: User) -> bool:
    """An account that waits for its first sign-in: no password was ever set, nobody ever signed in."""
    return person.last_login is None and not person.has_usable_password()


def has_account(invitation: Invitation) -> bool:
    """Whether somebody signs in with the invited address already."""
    person = User.objects.filter(email__iexact=invitation.email).first()
    return person is not None and not is_prepared(person)


@transaction.atomic
def accept_invitation(token: str, *, full_name: str = "", password: str = "", user: User | None = None) -> User:
    """Take the seat, as the signed-in user or as a new one. Raises DomainError when the link is used up or too old.

    Of two who accept at once the row lock lets one pass; the other is told that it was accepted.
    """
    invitation = _lock(token)
    if user is None:
        person = _begin_account(invitation, full_name=full_name, password=password)
    elif user.email.lower() == invitation.email.lower():
        person = user
    else:
        raise DomainError(f"This invitation is for {invitation.email}. Sign in with that address.")
    invitation.accepted_at, invitation.accepted_by = timezone.now(), person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    record("invitation.accepted", subject=invitation, actor=person, email=invitation.email)
    give_membership(
        person,
        organization=invitation.organization,
        role=invitation.role,
        duties=[(kind, phase) for kind, phase in invitation.duties],
        actor=invitation.invited_by,
    )
    return person


def _lock(token: str) -> Invitation:
    rows = Invitation.objects.for_token(token).select_for_update(of=("self",))
    invitation = rows.select_related("organization", "invited_by").first()
    if invitation is None:
        raise DomainError(INCOMPLETE)
    if reason := why_closed(invitation):
        raise Conflict(reason)
    return invitation


def _begin_account(invitation: Invitation, *, full_name: str, password: str) -> User:
    """The account of somebody who was never here, with the address proved by the link that was mailed to it."""
    full_name = " ".join((full_name or invitation.full_name).split())
    if not full_name or not password:
        raise DomainError("Enter your full name and a password: both belong to your account.")
    person = User.objects.filter(email__iexact=invitation.email).first()
    if person is None:
        person = User(email=invitation.email, time_zone=invitation.organization.time_zone)
    elif not is_prepared(person):
        raise DomainError(f"{invitation.email} has an account. Sign in with it first, then open the link again.")
    person.full_name = full_name
    person.set_password(password)
    person.save()
    address = EmailAddress.objects.filter(user=person, email=person.email.lower()).first()
    address = address or EmailAddress(user=person, email=person.email.lower(), primary=True)
    address.set_verified(commit=False)
    address.save()
    return person
