"""The items of the main navigation that reports offers: the portfolio, and inside an engagement what phase 5 needs."""

from django.http import HttpRequest
from django.urls import reverse

from accounts.permissions import ROLE_PERMISSIONS, Permission, consultancy_role
from core.navigation import NavItem, code_of, register_nav
from discovery.navigation import reads_evidence


def portfolio_nav(request: HttpRequest) -> list[NavItem]:
    """Outside of every engagement, for whoever may read the figures of the practice."""
    role, match = consultancy_role(request.user), request.resolver_match
    if code_of(request) or not role or Permission.VIEW_PORTFOLIO not in ROLE_PERMISSIONS[role]:
        return []
    here = match is not None and match.app_name == "portfolio"
    return [NavItem("Portfolio", reverse("portfolio:overview"), is_current=here)]


def reports_nav(request: HttpRequest) -> list[NavItem]:
    """To whoever may read the evidence."""
    match, inside = request.resolver_match, code_of(request)
    if match is None or not inside or not reads_evidence(request):
        return []
    return [
        NavItem(label, reverse(f"{app}:list", args=[inside]), is_current=match.app_name == app)
        for app, label in (("runbooks", "Runbooks"), ("training", "Training"), ("handoff", "Handoff"))
    ]


def days_nav(request: HttpRequest) -> list[NavItem]:
    """Inside an engagement, to whoever of the practice notes days of it."""
    role, match, inside = consultancy_role(request.user), request.resolver_match, code_of(request)
    if match is None or not inside or not role or Permission.NOTE_DAYS not in ROLE_PERMISSIONS[role]:
        return []
    return [NavItem("Days", reverse("days:list", args=[inside]), is_current=match.app_name == "days")]


def restored_nav(request: HttpRequest) -> list[NavItem]:
    """Engagements of other portals, for who answers for the practice: the owner restores them."""
    match = request.resolver_match
    if code_of(request) or consultancy_role(request.user) != "owner":
        return []
    return [
        NavItem("Restored", reverse("restored:list"), is_current=match is not None and match.app_name == "restored")
    ]


register_nav(portfolio_nav)
register_nav(reports_nav)
register_nav(days_nav)
register_nav(restored_nav)
