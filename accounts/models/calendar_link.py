from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from accounts.models.user import User


def digest_of_link(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


class CalendarLinkQuerySet(models.QuerySet["CalendarLink"]):
    def of(self, person: User) -> CalendarLinkQuerySet:
        return self.filter(person=person)

    def opened_by(self, token: str) -> CalendarLinkQuerySet:
        """The one that a text opens, of somebody who may still sign in."""
        return self.filter(token_digest=digest_of_link(token), person__is_active=True).select_related("person")


class CalendarLink(models.Model):
    """What a calendar program follows a person's dates with. Only the digest of its text is stored."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_link")
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    fetched_on = models.DateField(null=True, blank=True)

    objects: ClassVar[CalendarLinkQuerySet] = CalendarLinkQuerySet.as_manager()  # type: ignore[assignment]  # django-stubs names it Manager

    def __str__(self) -> str:
        return f"Calendar link of {self.person_id}"
