"""The item of the main navigation that delivery offers inside an engagement."""

from django.http import HttpRequest
from django.urls import reverse

from core.navigation import NavItem, register_nav
from discovery.navigation import reads_evidence


def delivery_nav(request: HttpRequest) -> list[NavItem]:
    match = request.resolver_match
    if match is None or "code" not in match.kwargs or not reads_evidence(request):
        return []
    url = reverse("delivery:preflight", args=[match.kwargs["code"]])
    return [NavItem("Pre-flight", url, is_current=match.app_name == "delivery")]


register_nav(delivery_nav)
