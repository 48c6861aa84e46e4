"""The items of the main navigation that delivery offers inside an engagement."""

from django.http import HttpRequest
from django.urls import reverse

from core.navigation import NavItem, code_of, register_nav
from discovery.navigation import reads_evidence

GROUP = "Delivery"
_PAGES = (
    ("Pre-flight", "delivery:preflight"),
    ("Parallel", "parallel:dashboard"),
    ("Bounces", "feedback:queue"),
    ("Watch", "watch:home"),
)


def delivery_nav(request: HttpRequest) -> list[NavItem]:
    match, inside = request.resolver_match, code_of(request)
    if match is None or not inside or not reads_evidence(request):
        return []
    return [
        NavItem(label, reverse(name, args=[inside]), is_current=match.app_name == name.partition(":")[0], group=GROUP)
        for label, name in _PAGES
    ]


register_nav(delivery_nav)
