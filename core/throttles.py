"""How often one person may ask the API, and a visitor the pages that need no account. The rates are settings."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.crypto import salted_hmac
from rest_framework.permissions import SAFE_METHODS
from rest_framework.throttling import SimpleRateThrottle, UserRateThrottle

from core.errors import TooMany
from core.wording import span_text

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class ReadThrottle(UserRateThrottle):
    scope = "read"

    def allow_request(self, request: Request, view: APIView) -> bool:
        return request.method not in SAFE_METHODS or super().allow_request(request, view)


class ActThrottle(UserRateThrottle):
    scope = "act"

    def allow_request(self, request: Request, view: APIView) -> bool:
        return request.method in SAFE_METHODS or super().allow_request(request, view)


class UploadThrottle(UserRateThrottle):
    """A bundle costs a worker seconds, so it has a rate of its own."""

    scope = "upload"

    def allow_request(self, request: Request, view: APIView) -> bool:
        return request.method in SAFE_METHODS or super().allow_request(request, view)


class LookupThrottle(UploadThrottle):
    """Every kept log is unsealed and read for it."""

    scope = "lookup"


class PageThrottle(SimpleRateThrottle):
    """Counts what `who` does on pages: an address of the network or of mail, which is not kept in clear."""

    def __init__(self, scope: str, who: str) -> None:
        self.scope, self.who = scope, salted_hmac("core.throttles", who).hexdigest()
        super().__init__()

    def get_cache_key(self, request: Request | None, view: APIView | None) -> str:  # noqa: ARG002 (its contract)
        return f"page-{self.scope}-{self.who}"


def refuse_haste(scope: str, who: str) -> None:
    """Count one act. Raises TooMany, saying when it may be tried again."""
    throttle = PageThrottle(scope, who)
    if not throttle.allow_request(None, None):  # type: ignore[arg-type]  # it hands both on to get_cache_key alone
        wait = span_text(timedelta(seconds=int(throttle.wait() or 1)))
        raise TooMany(f"That was asked for too often from here. Try again in {wait}; what you typed is kept.")
