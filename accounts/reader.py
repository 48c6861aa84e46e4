"""The signed-in person behind a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from django.http import HttpRequest
    from rest_framework.request import Request

    from accounts.models import User

    # A page is asked for by the one, the API by the other; both know their reader.
    AnyRequest = HttpRequest | Request


def reader_of(request: AnyRequest) -> User:
    """Views that let nobody in who is not signed in may call it."""
    return cast("User", request.user)
