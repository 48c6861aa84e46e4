"""What a person's calendar follows. Apps register their dates in AppConfig.ready(), each in its `calendar.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from django.conf import settings

from core.calendar_entry import calendar_feed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from core.calendar_entry import Followed


class Dates(Protocol):
    """The dates of an app that a person may see. No amounts, no content of a configuration."""

    def __call__(self, reader: User) -> Iterable[Followed]: ...


_sources: list[Dates] = []


def register_dates(source: Dates) -> None:
    if source in _sources:
        raise ValueError(f"{source} is registered twice")
    _sources.append(source)


def calendar_of(person: User) -> bytes:
    """Always the same bytes for the same dates."""
    entries = [entry for source in _sources for entry in source(person)]
    return calendar_feed(f"Gatepost: {settings.CONSULTANCY['name']}", sorted(entries, key=lambda entry: entry.uid))


def uid_of(kind: str, key: object) -> str:
    """The same for good, and of this portal alone."""
    return f"{kind}-{key}@{urlsplit(settings.PORTAL_URL).hostname or 'localhost'}"
