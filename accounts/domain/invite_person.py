import secrets
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.domain.give_membership import DutyGrant, give_membership
from accounts.models import Invitation, Membership, Organization, User
from accounts.models.membership import CONSULTANCY_ROLES, CUSTOMER_ROLES
from accounts.permissions import Permission, require
from core import outbox
from core.audit import record
from core.errors import Conflict, DomainError
from core.wording import told


@transaction.atomic
def invite_person(
    email: str,
    *,
    organization: Organization,
    role: str,
    duties: Iterable[DutyGrant] = (),
    full_name: str = "",
    actor: User,
) -> tuple[Invitation, str]:
    """Keep a seat for an address and mail the link. Returns the invitation and its token, which is stored nowhere.

    An earlier open invitation of the same address to the same organization is withdrawn.
    """
    require(actor, Permission.MANAGE_PEOPLE, organization)
    _refuse_foreign_role(organization, role)
    if Membership.objects.filter(organization=organization, user__email__iexact=email).exists():
        raise Conflict(f"{email} is a member of {organization} already.")
    now, token = timezone.now(), secrets.token_urlsafe(32)
    earlier = Invitation.objects.open().filter(organization=organization, email__iexact=email)
    earlier.update(withdrawn_at=now)
    invitation = Invitation.objects.create(
        organization=organization,
        email=email.strip().lower(),
        full_name=full_name.strip(),
        role=role,
        duties=[list(duty) for duty in duties],
        token_digest=sha256(token.encode()).hexdigest(),
        invited_by=actor,
        expires_at=now + timedelta(days=settings.INVITATION_DAYS),
    )
    url = settings.PORTAL_URL + reverse("accounts:invitation", args=[token])
    subject, text, html = outbox.render_mail("invitation", {"invitation": invitation, "url": url})
    outbox.post("invitation", to=invitation.email, subject=subject, text=text, html=html, reference=invitation)
    record("invitation.sent", subject=invitation, actor=actor, email=invitation.email, role=role)
    return invitation, token


def _refuse_foreign_role(organization: Organization, role: str) -> None:
    roles = CONSULTANCY_ROLES if organization.kind == Organization.Kind.CONSULTANCY else CUSTOMER_ROLES
    if role not in roles:
        raise DomainError(f"{organization} has no role called {role}.")


@transaction.atomic
def accept_invitation(token: str, *, full_name: str = "", password: str = "", user: User | None = None) -> User:
    """Take the seat, as the signed-in user or as a new one. Raises DomainError when the link is used up or too old."""
    invitation = Invitation.objects.for_token(token).select_for_update(of=("self",)).select_related("organization").first()
    if invitation is None:
        raise DomainError("This invitation link is not complete. Copy the whole link from the message.")
    if invitation.accepted_at:
        raise Conflict(f"This invitation was accepted on {told(invitation.accepted_at)}. Sign in instead.")
    if invitation.withdrawn_at or invitation.is_expired:
        raise DomainError(f"This invitation is no longer open. Ask {invitation.invited_by} for a new one.")
    person = user or User.objects.filter(email__iexact=invitation.email).first()
    if person is None:
        person = User.objects.create_user(
            invitation.email,
            password,
            full_name=full_name.strip() or invitation.full_name,
            time_zone=invitation.organization.time_zone,
        )
    elif user is None:
        raise DomainError(f"{invitation.email} has an account. Sign in with it first, then open the link again.")
    elif user.email.lower() != invitation.email.lower():
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
