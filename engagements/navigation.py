"""The items of the main navigation that the spine offers: inside an engagement its pages, elsewhere the list."""

from django.http import HttpRequest
from django.urls import reverse

from core.navigation import NavItem, code_of, register_nav

_PAGES = (
    ("Overview", "engagements:detail"),
    ("Documents", "engagements:documents"),
    ("Questions", "engagements:questions"),
    ("History", "engagements:history"),
)
_OVERVIEW_PAGES = frozenset(
    {
        "detail",
        "gate",
        "sign",
        "submit",
        "task",
        "override",
        "move",
        "request_changes",
        "delegate",
        "revoke",
        "receipt",
        "team",
        "target",
    }
)


def engagement_nav(request: HttpRequest) -> list[NavItem]:
    if not request.user.is_authenticated:
        return []
    match = request.resolver_match
    code = code_of(request)
    here = match.view_name if match else ""
    if not code:
        return [NavItem("Engagements", reverse("engagements:list"), is_current=here == "engagements:list")]
    is_overview = here.removeprefix("engagements:") in _OVERVIEW_PAGES
    return [
        NavItem(
            label, reverse(name, args=[code]), is_current=here == name or (is_overview and name.endswith(":detail"))
        )
        for label, name in _PAGES
    ]


register_nav(engagement_nav)
