"""Whether a proof of who somebody is is young enough for an act that binds."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeGuard

from django.conf import settings
from django.utils import timezone


def is_fresh(proved_at: datetime | None) -> TypeGuard[datetime]:
    oldest = timezone.now() - timedelta(seconds=settings.SIGNING_AUTHENTICATION_SECONDS)
    return proved_at is not None and proved_at >= oldest
