"""What every page knows. Everything that asks the database waits until a template asks for it."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from core.navigation import nav_rows

THEMES = ("system", "light", "dark")
THEME_COOKIE = "theme"


def portal(request: HttpRequest) -> dict[str, Any]:
    """A page replaces any of these by putting the same name into its own context."""
    return {
        "consultancy": settings.CONSULTANCY,
        "is_demo": settings.IS_DEMO,
        "nav_rows": partial(nav_rows, request),
        "theme": partial(chosen_theme, request),
        "themes": THEMES,
        "split_percent": 0,
    }


def chosen_theme(request: HttpRequest) -> str:
    """The reader's theme: from their profile, or from the cookie of somebody not signed in."""
    user = getattr(request, "user", None)
    chosen = user.theme if user and user.is_authenticated else request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else THEMES[0]
