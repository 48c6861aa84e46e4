"""Whether a proof of who somebody is is young enough for an act that binds."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeGuard

from django.conf import settings
from django.utils import timezone

from core.errors import DomainError


def is_fresh(proved_at: datetime | None) -> TypeGuard[datetime]:
    oldest = timezone.now() - timedelta(seconds=settings.SIGNING_AUTHENTICATION_SECONDS)
    return proved_at is not None and proved_at >= oldest


def refuse_unproved(proved_at: datetime | None, because: str) -> datetime:
    """When they proved it. Raises DomainError, which says `because`, where that is too long ago."""
    if not is_fresh(proved_at):
        raise DomainError(f"Confirm who you are once more: {because}")
    return proved_at
