from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils import timezone
from knox.models import AbstractAuthToken, AuthTokenManager

from core.scopes import Scope, words_of

if TYPE_CHECKING:
    from datetime import datetime


class AccessTokens(AuthTokenManager):  # type: ignore[misc]  # knox ships no types
    def of(self, person: models.Model) -> models.QuerySet[AccessToken]:
        """A person's own, latest first, which nobody else ever sees; or a service user's, for whoever keeps it."""
        found: models.QuerySet[AccessToken] = self.filter(user=person).select_related("user").order_by("-created")
        return found


class AccessToken(AbstractAuthToken):  # type: ignore[misc]  # knox ships no types
    """What a program signs in with instead of its person. Only the digest is stored; `reference` is its public name."""

    reference: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False
    )
    name: models.CharField[str, str] = models.CharField(max_length=80)
    scope: models.CharField[str, str] = models.CharField(
        "for", max_length=10, choices=Scope, default=Scope.ALL, db_default=Scope.ALL
    )
    # What it was made with, if with a token: that one's end is its end.
    made_with: models.ForeignKey[AccessToken | None, AccessToken | None] = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="made"
    )
    last_used_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[AccessTokens] = AccessTokens()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="access_token_named_once"),
            models.CheckConstraint(condition=models.Q(expiry__isnull=False), name="access_token_runs_out"),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def purpose(self) -> str:
        return words_of(self.scope, is_service=self.user.is_service)

    @property
    def is_expired(self) -> bool:
        return bool(self.expiry <= timezone.now())
