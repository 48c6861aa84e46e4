"""Whether a request is a button pressed on one of our own pages, told without asking the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.problems import is_api

if TYPE_CHECKING:
    from django.http import HttpRequest

FORM = "application/x-www-form-urlencoded"
SCRIPTS = ("HX-Request", "X-Requested-With")


def is_pressed(request: HttpRequest) -> bool:
    """Neither a script's nor a program's, and without a file. Signing in and out is the library's business."""
    if request.method != "POST" or is_api(request) or request.content_type != FORM:
        return False
    return not (request.path.startswith("/account/") or any(name in request.headers for name in SCRIPTS))
