from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.models import CalendarLink, User
from accounts.models.calendar_link import digest_of_link
from core.audit import record

if TYPE_CHECKING:
    from accounts.models import User as Person

_OCTETS = 32


@transaction.atomic
def link_calendar(person: Person) -> str:
    """A new link in place of the one there was, which opens nothing any more. Returns its text, stored nowhere."""
    person = User.objects.select_for_update().get(pk=person.pk)
    token = secrets.token_urlsafe(_OCTETS)
    found = {"token_digest": digest_of_link(token), "made_at": timezone.now(), "fetched_on": None}
    CalendarLink.objects.update_or_create(person=person, defaults=found)
    record("calendar.linked", subject=person, actor=person)
    return token


@transaction.atomic
def unlink_calendar(person: Person) -> None:
    """From now on the link opens nothing. Doing it twice is no fault."""
    person = User.objects.select_for_update().get(pk=person.pk)
    gone, _ = CalendarLink.objects.of(person).delete()
    if gone:
        record("calendar.unlinked", subject=person, actor=person)


def note_fetch(link: CalendarLink) -> None:
    """By day: a program that asks every few minutes writes once."""
    CalendarLink.objects.filter(pk=link.pk).exclude(fetched_on=timezone.now().date()).update(
        fetched_on=timezone.now().date()
    )
