"""The guard of a request: raised when its reader is known, lowered when its answer is out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.guard.book import guard_book
from accounts.guard.door import lower_guard, raise_guard
from accounts.reach import sees_every_engagement

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User


class GuardMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        lower_guard()
        is_streaming = False
        try:
            response = self.get_response(request)
            is_streaming = response.streaming
        finally:
            if not is_streaming:
                lower_guard()
        if is_streaming:  # its rows are read while it goes out
            response._resource_closers.append(lower_guard)  # type: ignore[attr-defined]  # noqa: SLF001 (closes in any case, also what was never begun)
        return response

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """Asked when the address is known, by whose name a few are left out."""
        if not is_unguarded(request):
            guard(request.user)


def guard(reader: User | AnonymousUser) -> None:
    """Nobody, and those of the practice who see everything, are not guarded.

    Asked of all rows: whoever is signed in may use the link or the token of another.
    """
    lower_guard()
    if reader.is_authenticated and not sees_every_engagement(reader):
        raise_guard(reader.pk)


def is_unguarded(request: HttpRequest) -> bool:
    name = request.resolver_match.view_name if request.resolver_match else ""
    return any(name == each or (each.endswith(":") and name.startswith(each)) for each in guard_book().unguarded)
