"""Pages that decide by what somebody proves later who they are.

allauth asks on some of them, and never whoever has no password. An open session would be enough to make oneself a way
in there, and with it any proof this portal asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.fresh_proof import is_fresh
from accounts.middleware import last_authentication, to_proof

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

WAYS_IN = frozenset(
    {
        "account_change_password",
        "account_email",
        "account_set_password",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_deactivate_totp",
        "mfa_download_recovery_codes",
        "mfa_edit_webauthn",
        "mfa_generate_recovery_codes",
        "mfa_remove_webauthn",
        "mfa_view_recovery_codes",
        "socialaccount_connections",
    }
)


class WaysInMiddleware:
    """Leads to a fresh proof first, before anything is typed there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        return to_proof(request.path) if _takes_proof_first(request) else None


def _takes_proof_first(request: HttpRequest) -> bool:
    found = request.resolver_match
    if found is None or found.view_name not in WAYS_IN or not request.user.is_authenticated:
        return False
    return not is_fresh(last_authentication(request))
