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
        for person in _whom_to_tell(row):
            _tell(person, row)


def _whom_to_tell(row: FailingAddress) -> list[User]:
    """Never at an address where mail fails as well: who is told of that is told by the pages."""
    inviting = Invitation.objects.open().filter(email__iexact=row.address).values("invited_by")
    owners = Membership.objects.filter(organization_kind=Organization.Kind.CONSULTANCY, role=Membership.Role.OWNER)
    told = User.objects.filter(pk__in=owners.values("user")) | User.objects.filter(pk__in=inviting)
    return list(told.filter(is_active=True, unreached_since=None).exclude(email__iexact=row.address).order_by("pk"))


def _tell(person: User, row: FailingAddress) -> None:
    whose = Membership.objects.filter(user=row.person_id).select_related("organization").order_by("pk").first()
    place = reverse("accounts:people", args=[whose.organization_id]) if whose else ""
    facts = {"reader": person, "row": row, "whose": whose, "url": f"{settings.PORTAL_URL}{place}" if place else ""}
    why = "You own the practice, or sent an invitation to this address."
    subject, text, html = render_mail("address_failing", {**facts, "why": why})
    post("address_failing", to=person, subject=subject, text=text, html=html, reference=row)
