"""Whom it concerns that mail does not reach somebody: they themselves, the owners, and who sent an invitation there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.models import Invitation, Membership, Organization, User
from core.domain.note_failure import Change
from core.outbox import post, render_mail

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from core.models import FailingAddress


@transaction.atomic
def note_reach(row: FailingAddress, change: Change) -> None:
    """The listener of `core.domain.note_failure`: inside the transaction of the change."""
    people = User.objects.filter(email__iexact=row.address)
    if change == Change.REACHED:
        people.update(unreached_since=None)
        return
    people.filter(unreached_since=None).update(unreached_since=row.first_at)
    if change == Change.PAUSED:
        owners = Membership.objects.filter(organization_kind=Organization.Kind.CONSULTANCY, role=Membership.Role.OWNER)
        inviting = Invitation.objects.open().filter(email__iexact=row.address)
        for person in _reachable(row).filter(pk__in=owners.values("user")):
            _tell_owner(person, row)
        for person in (
            _reachable(row).filter(pk__in=inviting.values("invited_by")).exclude(pk__in=owners.values("user"))
        ):
            _tell_inviter(person, row)


def _reachable(row: FailingAddress) -> QuerySet[User]:
    """Never at an address where mail fails as well: who is told of that is told by the pages."""
    reachable = User.objects.filter(is_active=True, unreached_since=None)
    return reachable.exclude(email__iexact=row.address).order_by("pk")


def _tell_inviter(person: User, row: FailingAddress) -> None:
    """Of their own invitation alone: whose address it is else may be another customer's matter."""
    own = Invitation.objects.visible_to(person).open().filter(email__iexact=row.address, invited_by=person)
    invitation = own.select_related("organization").order_by("-pk").first()
    if invitation is None:
        return
    url = f"{settings.PORTAL_URL}{reverse('accounts:people', args=[invitation.organization_id])}"
    facts = {"reader": person, "invitation": invitation, "url": url, "why": "You sent an invitation to this address."}
    subject, text, html = render_mail("invitation_failing", facts)
    post("invitation_failing", to=person, subject=subject, text=text, html=html, reference=invitation)


def _tell_owner(person: User, row: FailingAddress) -> None:
    whose = Membership.objects.filter(user=row.person_id).select_related("organization").order_by("pk").first()
    place = reverse("accounts:people", args=[whose.organization_id]) if whose else ""
    facts = {"reader": person, "row": row, "whose": whose, "url": f"{settings.PORTAL_URL}{place}" if place else ""}
    why = "You own the practice."
    subject, text, html = render_mail("address_failing", {**facts, "why": why})
    post("address_failing", to=person, subject=subject, text=text, html=html, reference=_about(row))


def _about(row: FailingAddress) -> Model:
    """What outlives the row, so that whoever erases the person or the invitation finds the mail as well."""
    return row.person or Invitation.objects.filter(email__iexact=row.address).order_by("-pk").first() or row
