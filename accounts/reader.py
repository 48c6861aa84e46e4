"""The signed-in person behind a request."""

from typing import cast

from django.http import HttpRequest

from accounts.models import User


def reader_of(request: HttpRequest) -> User:
    """Views behind `login_required` alone may call it."""
    return cast("User", request.user)
