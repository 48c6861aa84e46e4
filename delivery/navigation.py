"""The items of the main navigation that delivery offers inside an engagement."""

from django.http import HttpRequest
from django.urls import reverse

from core.navigation import NavItem, code_of, register_nav
from discovery.navigation import reads_evidence


def delivery_nav(request: HttpRequest) -> list[NavItem]:
    match, inside = request.resolver_match, code_of(request)
    if match is None or not inside or not reads_evidence(request):
        return []
    code = [inside]
    return [
        NavItem("Pre-flight", reverse("delivery:preflight", args=code), is_current=match.app_name == "delivery"),
        NavItem("Parallel", reverse("parallel:dashboard", args=code), is_current=match.app_name == "parallel"),
        NavItem("Bounces", reverse("feedback:queue", args=code), is_current=match.app_name == "feedback"),
        NavItem("Watch", reverse("watch:home", args=code), is_current=match.app_name == "watch"),
    ]


register_nav(delivery_nav)
