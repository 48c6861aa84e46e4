import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.domain.give_membership import DutyGrant, refuse_foreign_role, refuse_the_other_side
from accounts.domain.require_manager import require_manager
from accounts.domain.tell_of_duties import tell_of_duties
from accounts.fresh_proof import refuse_unproved
from accounts.models import Invitation, Membership, Organization, User
from core import outbox
from core.audit import record
from core.errors import Conflict
from core.wording import moment_text


@transaction.atomic
def invite_person(
    email: str,
    *,
    organization: Organization,
    role: str,
    duties: Iterable[DutyGrant] = (),
    full_name: str = "",
    open_until: datetime | None = None,
    authenticated_at: datetime | None,
    actor: User,
) -> tuple[Invitation, str]:
    """Keep a seat for an address and mail the link. Returns the invitation and its token.

    It is open for the usual days, or until `open_until` where that is later.

    The token is stored as its digest, and sealed inside the mail until that is out.
    An earlier open invitation of the same address to the same organization is withdrawn; of two who invite at once one
    waits for the other.
    """
    require_manager(actor, organization, role)
    refuse_unproved(authenticated_at, "a seat lets somebody act and sign for an organization. Nothing was sent.")
    return seat_person(
        email,
        organization=organization,
        role=role,
        duties=duties,
        full_name=full_name,
        open_until=open_until,
        actor=actor,
    )


@transaction.atomic
def seat_person(
    email: str,
    *,
    organization: Organization,
    role: str,
    duties: Iterable[DutyGrant] = (),
    full_name: str = "",
    open_until: datetime | None = None,
    actor: User,
) -> tuple[Invitation, str]:
    """The same as part of a larger act, which has asked whether this person may do it and, if it binds, for a proof."""
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    email, granted = email.strip().lower(), [(kind, phase) for kind, phase in duties]
    refuse_foreign_role(organization, role, granted)
    if Membership.objects.filter(organization=organization, user__email__iexact=email).exists():
        raise Conflict(f"{email} is a member of {organization} already.")
    refuse_the_other_side(email, organization)
    earlier = Invitation.objects.open().filter(organization=organization, email__iexact=email)
    earlier.update(withdrawn_at=timezone.now())
    invitation, token = keep_seat(
        email,
        organization=organization,
        role=role,
        duties=granted,
        full_name=full_name,
        open_until=open_until,
        invited_by=actor,
    )
    _mail(invitation, invitation_url(token))
    labels = invitation.duty_labels
    record("invitation.sent", subject=invitation, actor=actor, email=email, role=role, duties=labels)
    tell_of_duties(email, granted, organization=organization, reference=invitation, actor=actor)
    return invitation, token


def keep_seat(
    email: str,
    *,
    organization: Organization,
    role: str,
    duties: Iterable[DutyGrant] = (),
    full_name: str = "",
    open_until: datetime | None = None,
    invited_by: User,
) -> tuple[Invitation, str]:
    """Store an invitation with the digest of a fresh token. Part of inviting; asks for no permission itself."""
    token, usual = secrets.token_urlsafe(32), timezone.now() + timedelta(days=settings.INVITATION_DAYS)
    invitation = Invitation.objects.create(
        organization=organization,
        email=email,
        full_name=" ".join(full_name.split()),
        role=role,
        duties=[list(duty) for duty in duties],
        token_digest=sha256(token.encode()).hexdigest(),
        invited_by=invited_by,
        expires_at=max(usual, open_until or usual),
    )
    return invitation, token


def invitation_url(token: str) -> str:
    return str(settings.PORTAL_URL) + reverse("accounts:invitation", args=[token])


def _mail(invitation: Invitation, url: str) -> None:
    zone = ZoneInfo(invitation.organization.time_zone)
    context = {
        "invitation": invitation,
        "open_until": moment_text(invitation.expires_at, zone),
        "url": url,
        "why": f"{invitation.invited_by.full_label} entered your address to invite you.",
    }
    subject, text, html = outbox.render_mail("invitation", context)
    outbox.post(
        "invitation",
        to=invitation.email,
        subject=subject,
        text=text,
        html=html,
        reference=invitation,
        is_secret=True,
    )
