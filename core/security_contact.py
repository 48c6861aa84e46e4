"""Whom to tell of a weakness: /.well-known/security.txt (RFC 9116), for as long as the settings vouch for it."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

if TYPE_CHECKING:
    from django.http import HttpRequest

# RFC 9116, 2.5.3: a URI; web addresses only with https.
CONTACT = re.compile(r"(?:mailto:[^\s@]+@[^\s@]+|https://\S+|tel:\+?[\d-]+)")
FURTHEST_DAYS = 366  # 2.5.5 recommends less than a year, so that nobody writes to an address that was given up


def expiry() -> date | None:
    """The last day; None where none is set or it cannot be read."""
    try:
        return date.fromisoformat(settings.SECURITY_EXPIRES)
    except ValueError:
        return None


def contacts() -> list[str]:
    return [contact for contact in settings.SECURITY_CONTACT if CONTACT.fullmatch(contact)]


def what_is_wrong() -> str:
    """A sentence, or nothing."""
    if not settings.SECURITY_CONTACT:
        return "Nobody is named to whom weaknesses can be told: there is no /.well-known/security.txt."
    if len(contacts()) < len(settings.SECURITY_CONTACT):
        return "SECURITY_CONTACT holds something that is no address: mailto:, https:// or tel:."
    last = expiry()
    if last is None:
        return "SECURITY_EXPIRES is missing or no date (2027-06-30): without it there is no /.well-known/security.txt."
    days = (last - timezone.now().date()).days
    if days < 0:
        return f"SECURITY_EXPIRES was {last}: /.well-known/security.txt is not shown any more."
    return f"SECURITY_EXPIRES is {last}, further away than a year." if days > FURTHEST_DAYS else ""


@require_safe
@cache_control(max_age=3600)
def security_txt(_: HttpRequest) -> HttpResponse:
    """404 where nobody is named, and once the named day is over: an old address is worse than none."""
    last = expiry()
    if not contacts() or last is None or last < timezone.now().date():
        raise Http404
    until = datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=timezone.get_default_timezone())
    lines = [f"Contact: {contact}" for contact in contacts()]
    lines += [
        f"Expires: {until.isoformat()}",
        "Preferred-Languages: en",
        f"Canonical: {settings.PORTAL_URL.rstrip('/')}{reverse('security_txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
