"""The pipeline in the main navigation of those who record requests. Loaded by PricingConfig.ready()."""

from django.http import HttpRequest
from django.urls import reverse

from accounts.permissions import ROLE_PERMISSIONS, Permission, consultancy_role
from core.navigation import NavItem, code_of, register_nav


def pricing_nav(request: HttpRequest) -> list[NavItem]:
    match = request.resolver_match
    if match and code_of(request) and match.app_name != "pricing":
        return []
    role = consultancy_role(request.user)
    if not role or Permission.EDIT_REQUEST not in ROLE_PERMISSIONS[role]:
        return []
    here = match is not None and match.app_name == "pricing"
    return [NavItem("Pipeline", reverse("pricing:pipeline"), is_current=here)]


register_nav(pricing_nav)
