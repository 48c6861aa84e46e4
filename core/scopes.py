"""How much of what its person may do a token is for. Checked at one door: `core.api.APIView`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import TextChoices
from rest_framework.permissions import SAFE_METHODS

from core.errors import Refused

if TYPE_CHECKING:
    from rest_framework.request import Request


class Scope(TextChoices):
    """In the words of "This token is for ...". Each but the first opens its own addresses and no other."""

    ALL = "all", "everything you may do"
    READ = "read", "reading, and changing nothing"
    UPLOAD = "upload", "handing over configurations and logs, and reading nothing"
    REPORT = "report", "reporting what a proxy or an MTA saw, and reading nothing"


def words_of(scope: str, *, is_service: bool) -> str:
    """The same words where somebody else reads them: of a service user everything is what that one may do."""
    return "everything the service user may do" if is_service and scope == Scope.ALL else Scope(scope).label


def scope_needed(method: str, act_scope: Scope) -> Scope:
    """`act_scope` is what a view asks for its acts; reading is reading everywhere."""
    return Scope.READ if method in SAFE_METHODS else act_scope


def require_scope(request: Request, act_scope: Scope) -> None:
    """Raise Refused where the token is for something else. A person in a browser has no token and every scope."""
    scope = getattr(request.auth, "scope", Scope.ALL)
    if scope not in {Scope.ALL, scope_needed(request.method or "", act_scope)}:
        is_service = getattr(request.user, "is_service", False)
        where = "Whoever keeps the service user makes one for it." if is_service else "Make one for it on your profile."
        raise Refused(f"You may not do this with this token: it is for {Scope(scope).label}. {where}")
