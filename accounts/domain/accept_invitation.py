from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.domain.give_membership import give_membership
from accounts.domain.prove_address import prove_address
from accounts.domain.require_manager import require_manager, whom_to_ask
from accounts.models import Invitation, Organization, User
from core.audit import record
from core.errors import Conflict, DomainError, Refused
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


def why_refused(invitation: Invitation | None) -> str:
    """Why this seat cannot be taken now: it is closed, or who keeps it may not give it any more."""
    if invitation is None or why_closed(invitation):
        return why_closed(invitation)
    inviter, organization = invitation.invited_by, invitation.organization
    try:
        require_manager(inviter, organization, invitation.role)
        is_backed = inviter.is_active
    except Refused:
        is_backed = False
    if is_backed:
        return ""
    whom = whom_to_ask(organization, invitation.role, besides=inviter)
    return f"{inviter} may no longer give this seat at {organization}. For a new invitation, ask {whom}."


def is_prepared(person: User) -> bool:
    """An account that waits for its first sign-in: no password was ever set, nobody ever signed in."""
    return person.last_login is None and not person.has_usable_password()


def has_account(invitation: Invitation) -> bool:
    """Whether somebody signs in with the invited address already."""
    person = User.objects.filter(email__iexact=invitation.email).first()
    return person is not None and not is_prepared(person)


@transaction.atomic
def accept_invitation(token: str, *, full_name: str = "", password: str = "", user: User | None = None) -> User:
    """Take the seat, as the signed-in user or as a new one.

    Raises DomainError when the link is used up or too old, and when whoever sent it may not give that role any more or
    takes it themselves. Of two who accept at once the row lock lets one pass; the other is told that it was accepted.
    """
    invitation = _lock(Invitation.objects.for_token(token))
    if user is None:
        full_name = _refuse_incomplete(invitation, full_name, password)
        person = _begin_account(invitation, full_name=full_name, password=password)
    else:
        person = _refuse_the_wrong_one(invitation, user)
    return _give_seat(invitation, person)


@transaction.atomic
def accept_proved(invitation: Invitation, *, full_name: str = "") -> User:
    """Take the seat as whoever has just proved, by a code mailed to it, that the invited address is theirs.

    An account that begins so has no password: its person signs in with a code, or sets one later.
    """
    invitation = _lock(Invitation.objects.filter(pk=invitation.pk))
    if has_account(invitation):
        person = _refuse_the_wrong_one(invitation, User.objects.get(email__iexact=invitation.email))
    else:
        name = " ".join((full_name or invitation.full_name or invitation.email).split())
        person = _begin_account(invitation, full_name=name, password=None)
    return _give_seat(invitation, person)


def _give_seat(invitation: Invitation, person: User) -> User:
    invitation.accepted_at, invitation.accepted_by = timezone.now(), person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    prove_address(invitation.email)
    record("invitation.accepted", subject=invitation, actor=person, email=invitation.email)
    give_membership(
        person,
        organization=invitation.organization,
        role=invitation.role,
        duties=[(kind, phase) for kind, phase in invitation.duties],
        actor=invitation.invited_by,
    )
    return person


def _refuse_the_wrong_one(invitation: Invitation, user: User) -> User:
    if user.email.lower() != invitation.email.lower():
        raise DomainError(f"This invitation is for {invitation.email}. Sign in with that address.")
    if user.pk == invitation.invited_by_id:
        whom = whom_to_ask(invitation.organization, invitation.role, besides=user)
        raise Refused(f"You may not give a seat to yourself. Ask {whom}.")
    return user


def _lock(found: QuerySet[Invitation]) -> Invitation:
    """The invitation with its organization locked, so that nobody ends the membership of the inviter meanwhile."""
    Organization.objects.select_for_update(no_key=True).filter(pk__in=found.values("organization")).first()
    rows = found.select_for_update(of=("self",))
    invitation = rows.select_related("organization", "invited_by").first()
    if invitation is None:
        raise DomainError(INCOMPLETE)
    if reason := why_refused(invitation):
        raise Conflict(reason)
    return invitation


def _refuse_incomplete(invitation: Invitation, full_name: str, password: str) -> str:
    full_name = " ".join((full_name or invitation.full_name).split())
    if not full_name or not password:
        raise DomainError("Enter your full name and a password: both belong to your account.")
    return full_name


def _begin_account(invitation: Invitation, *, full_name: str, password: str | None) -> User:
    """The account of somebody who was never here, with the address proved by what was mailed to it.

    A prepared account keeps its name: whoever keeps another seat for it may call its person something else.
    """
    person = User.objects.filter(email__iexact=invitation.email).first()
    if person is None:
        zone = invitation.organization.time_zone
        person = User(email=invitation.email, full_name=full_name, time_zone=zone)
    elif not is_prepared(person):
        raise DomainError(f"{invitation.email} has an account. Sign in with it first, then open the link again.")
    person.set_password(password)
    person.save()
    address = EmailAddress.objects.filter(user=person, email=person.email.lower()).first()
    address = address or EmailAddress(user=person, email=person.email.lower(), primary=True)
    address.set_verified(commit=False)
    address.save()
    return person
