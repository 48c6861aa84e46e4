"""The demo tells of past weeks. Everything in the portal asks `django.utils.timezone.now()`, so that is what moves."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from unittest.mock import patch


@contextmanager
def days_ago(days: float) -> Iterator[None]:
    """Let everything inside happen that long ago; the time of day runs on."""
    shift = timedelta(days=days)
    with patch("django.utils.timezone.now", lambda: datetime.now(tz=UTC) - shift):
        yield
