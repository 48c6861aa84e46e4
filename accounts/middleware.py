"""Who reads: their zone for dates, their origin for the ledger, their second factor if they belong to the practice."""

from __future__ import annotations

import hashlib
import ipaddress
import zoneinfo
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.permissions import is_staff
from core.origin import Origin, acting_from
from core.problems import is_api, problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User

# Where staff without a second factor may still go: to set one up, to sign out, and to what a page is made of.
_OPEN_WITHOUT_SECOND_FACTOR = ("/account/", "/static/", "/healthz", "/readyz", "/.well-known/")
SECOND_FACTOR = "Members of the practice set up a second factor in the browser first."


class ReaderMiddleware:
    """Sets the reader's time zone and the origin of their acts for the length of the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if needs_second_factor(request):
            return problem(request, 403, SECOND_FACTOR) if is_api(request) else redirect("mfa_index")
        with acting_from(origin_of(request)), timezone.override(zone_of(request)):
            return self.get_response(request)


def needs_second_factor(request: HttpRequest) -> bool:
    """True for a member of the practice who has not set up a second factor where one is demanded."""
    if request.path.startswith(_OPEN_WITHOUT_SECOND_FACTOR):
        return False
    return lacks_second_factor(request.user)


def lacks_second_factor(user: User | AnonymousUser) -> bool:
    """A service user has no session that a second factor could begin."""
    is_asked = settings.STAFF_SECOND_FACTOR_REQUIRED and is_staff(user) and not getattr(user, "is_service", False)
    return is_asked and not is_mfa_enabled(user)


def zone_of(request: HttpRequest) -> zoneinfo.ZoneInfo:
    """The reader's own zone; the consultancy's for whoever is not signed in or has a zone nobody knows."""
    name = request.user.time_zone if request.user.is_authenticated else settings.CONSULTANCY["time_zone"]
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo(settings.CONSULTANCY["time_zone"])


def origin_of(request: HttpRequest) -> Origin:
    session_key = request.session.session_key or ""
    return Origin(
        ip_address=client_address(request),
        user_agent=request.headers.get("user-agent", "")[:400],
        session_digest=hashlib.sha256(session_key.encode()).hexdigest() if session_key else "",
        authentication=", ".join(map(proof_of, counting(records_of(request), timezone.now())))[:120],
        time_zone=str(zone_of(request)),
    )


def client_address(request: HttpRequest) -> str | None:
    """The peer's address; behind a trusted proxy the last hop that the proxy itself wrote, if that is an address."""
    peer = _address(request.META.get("REMOTE_ADDR", ""))
    if not settings.SECURE_PROXY_SSL_HEADER:
        return peer
    return _address(request.headers.get("x-forwarded-for", "").rsplit(",", 1)[-1]) or peer


def _address(text: str) -> str | None:
    """The address as the ledger's column takes it: without a zone, which names an interface of this machine alone."""
    try:
        return str(ipaddress.ip_address(text.strip().partition("%")[0]))
    except ValueError:
        return None


def records_of(request: HttpRequest) -> list[dict[str, Any]]:
    """How the reader proved who they are in this session, oldest first. Empty for whoever is not signed in."""
    return list(get_authentication_records(request, request.user))


def proof_of(record: dict[str, Any]) -> str:
    """What proved it: password, code, or for a second factor which one."""
    return str(record.get("type") or record["method"])


def counting(records: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """The proof that counts, out of all of a session: the newest one, with the first factor of the same sign-in.

    Where a signature still accepts the second factor, the first one has to be young enough for it as well.
    """
    first, newest = records[-2:-1], records[-1:]
    if not (first and _ends_sign_in(newest[0])) or first[0].get("reauthenticated"):
        return newest
    oldest = (now - timedelta(seconds=settings.SIGNING_AUTHENTICATION_SECONDS)).timestamp()
    return newest if first[0]["at"] < oldest <= newest[0]["at"] else first + newest


def _ends_sign_in(record: dict[str, Any]) -> bool:
    """Whether this is a second factor at a sign-in: it is asked for right after the first one, which stands before."""
    return record["method"] == "mfa" and not record.get("reauthenticated") and not record.get("passwordless")


def last_authentication(request: HttpRequest) -> datetime | None:
    """When the reader gave the newest proof of who they are, in this session."""
    records = records_of(request)
    return datetime.fromtimestamp(records[-1]["at"], tz=UTC) if records else None


def to_proof(page: str) -> HttpResponse:
    """Lead to a fresh proof of who they are, and back to this page."""
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': page})}")
