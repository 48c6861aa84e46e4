from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.fresh_proof import refuse_unproved
from accounts.models import Organization, User
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict, DomainError
from core.jobs import enqueue
from engagements.domain.set_hold import lock_customer
from engagements.models import Erasure
from engagements.obstacles import obstacles_to, obstacles_to_person

if TYPE_CHECKING:
    from datetime import datetime

ERASE = "erase_records"
_IS_FINAL = "what is erased cannot be brought back. Nothing was erased."


@transaction.atomic
def ask_customer_erasure(
    organization: Organization, *, typed: str, authenticated_at: datetime | None, actor: User
) -> Erasure:
    """Erase everything of a customer that is not kept for a reason. `typed` is the customer's name, for it is final."""
    organization = lock_customer(organization.pk)
    require(actor, Permission.ERASE_RECORDS, organization)
    refuse_unproved(authenticated_at, _IS_FINAL)
    _refuse_mistyped(typed, str(organization))
    _refuse(obstacles_to(organization))
    return _ask(Erasure(organization=organization, asked_by=actor))


@transaction.atomic
def ask_person_erasure(person: User, *, typed: str, authenticated_at: datetime | None, actor: User) -> Erasure:
    """The same of one person: what they signed goes on to name them, what they did names them by a number."""
    require(actor, Permission.ERASE_RECORDS, Organization.objects.consultancy())
    person = User.objects.select_for_update().get(pk=person.pk)
    refuse_unproved(authenticated_at, _IS_FINAL)
    _refuse_mistyped(typed, person.email)
    _refuse(obstacles_to_person(person))
    return _ask(Erasure(person=person, asked_by=actor))


def _refuse_mistyped(typed: str, wanted: str) -> None:
    if " ".join(typed.split()).casefold() != wanted.casefold():
        raise DomainError(f"Type “{wanted}” as it stands here. Nothing was erased.")


def _refuse(reasons: list[str]) -> None:
    if reasons:
        raise Conflict(*reasons, "Nothing was erased.")


def _ask(fresh: Erasure) -> Erasure:
    """One that was begun and stopped goes on where it stood."""
    subject: Organization | User | None = fresh.organization or fresh.person
    if subject is None:
        raise ValueError("an erasure is of a customer or of a person")
    earlier = Erasure.objects.filter(organization=fresh.organization, person=fresh.person)
    if earlier.filter(done_at__isnull=False).exists():
        raise Conflict(f"{subject} is erased already.")
    erasure = earlier.first()
    if erasure is None:
        fresh.save(force_insert=True)
        erasure = fresh
        record("records.erasure_asked", subject=subject, actor=fresh.asked_by)
    enqueue(ERASE, subject=erasure, actor=fresh.asked_by, key=f"erasure {erasure.pk}")
    return erasure
