"""The items of the main navigation that reports offers inside an engagement, to whoever may read the evidence."""

from django.http import HttpRequest
from django.urls import reverse

from core.navigation import NavItem, code_of, register_nav
from discovery.navigation import reads_evidence


def reports_nav(request: HttpRequest) -> list[NavItem]:
    match, inside = request.resolver_match, code_of(request)
    if match is None or not inside or not reads_evidence(request):
        return []
    return [
        NavItem(label, reverse(f"{app}:list", args=[inside]), is_current=match.app_name == app)
        for app, label in (("runbooks", "Runbooks"), ("training", "Training"), ("handoff", "Handoff"))
    ]


register_nav(reports_nav)
