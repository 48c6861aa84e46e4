"""A person switches kinds of mail off and on. What is required is never among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import User
from accounts.permissions import is_staff
from core.audit import record
from core.errors import DomainError
from core.mail_kinds import MailKind, Side, mail_kinds
from core.models import MailMute

if TYPE_CHECKING:
    from collections.abc import Collection

    from accounts.models import User as Person


def kinds_for(person: Person) -> list[MailKind]:
    """What somebody on their side can get."""
    other = Side.CUSTOMER if is_staff(person) else Side.PRACTICE
    return [kind for kind in mail_kinds().values() if kind.side != other]


def kinds_off(person: Person) -> set[str]:
    """What was stored of a kind that is required now, or that is sent no more, counts for nothing."""
    stored = MailMute.objects.filter(person=person).values_list("kind", flat=True)
    return {key for key in stored if key in mail_kinds() and mail_kinds()[key].can_be_off}


@transaction.atomic
def switch_mail(person: Person, *, off: Collection[str]) -> None:
    """From now on these kinds are off and every other is on. Raises DomainError for one that cannot be switched off."""
    person = User.objects.select_for_update().get(pk=person.pk)
    unknown = sorted(key for key in off if key not in mail_kinds())
    required = [mail_kinds()[key].title for key in sorted(set(off) - set(unknown)) if not mail_kinds()[key].can_be_off]
    if unknown or required:
        raise DomainError(
            *(f"There is no kind of mail named {key[:60]}. Nothing was changed." for key in unknown),
            *(f"“{title}” cannot be switched off. Nothing was changed." for title in required),
        )
    before, after = kinds_off(person), set(off)
    MailMute.objects.filter(person=person, kind__in=before - after).delete()
    MailMute.objects.bulk_create([MailMute(person=person, kind=key) for key in sorted(after - before)])
    if after - before:
        record("mail.switched_off", subject=person, actor=person, kinds=_titles(after - before))
    if before - after:
        record("mail.switched_on", subject=person, actor=person, kinds=_titles(before - after))


@transaction.atomic
def switch_off(person: Person, kind: str) -> None:
    """One kind, by the link in a mail. Doing it twice is no fault."""
    person = User.objects.select_for_update().get(pk=person.pk)
    switch_mail(person, off=kinds_off(person) | {kind})


def _titles(keys: Collection[str]) -> str:
    return ", ".join(mail_kinds()[key].title for key in sorted(keys) if key in mail_kinds())
