"""How a program signs in to the API: `Authorization: Bearer ...` with a token that a person made on their profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from accounts.domain.note_token_use import note_token_use
from accounts.guard.middleware import guard
from accounts.middleware import SECOND_FACTOR, lacks_second_factor, zone_of
from core.errors import Refused
from core.origin import add_proof
from core.scopes import scope_needed

if TYPE_CHECKING:
    from drf_spectacular.openapi import AutoSchema
    from rest_framework.request import Request

    from accounts.models import AccessToken, User
    from core.api import APIView


class TokenSignIn(TokenAuthentication):  # type: ignore[misc]  # knox ships no types
    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        found: tuple[User, AccessToken] | None = super().authenticate(request)
        if found:
            self._begin(request, *found)
        return found

    def authenticate_credentials(self, token: bytes) -> tuple[User, AccessToken]:
        """Letters and digits alone: whatever else is sent names no token, and the database need not be asked."""
        if not token.isalnum():
            raise AuthenticationFailed
        found: tuple[User, AccessToken] = super().authenticate_credentials(token)
        return found

    def _begin(self, request: Request, person: User, token: AccessToken) -> None:
        if lacks_second_factor(person):
            raise Refused(SECOND_FACTOR)
        note_token_use(token)
        guard(person)
        add_proof(f"token {token.name}")
        # The middleware, which saw nobody, puts its own zone back when the request ends.
        request._request.user = person  # noqa: SLF001 (DRF sets it only after this has returned)
        timezone.activate(zone_of(request._request))  # noqa: SLF001 (the same)


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself by being declared
    target_class = TokenSignIn
    name = "accessToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:  # noqa: ARG002 (its contract)
        return {"type": "http", "scheme": "bearer"}

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[str]]:
        """OpenAPI 3.1 names beside a scheme what its token has to be for."""
        view = cast("APIView", auto_schema.view)
        return {self.name: [scope_needed(auto_schema.method, view.act_scope)]}
