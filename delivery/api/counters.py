"""Where a proxy posts its counters: `[portal] counters` of its file, with the token of its line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from core.api import APIView
from core.asked import checked
from core.scopes import Scope
from delivery.domain.take_count import line_named, take_count

if TYPE_CHECKING:
    from drf_spectacular.openapi import AutoSchema
    from rest_framework.request import Request

    from delivery.models import ProxyLine

MOST_FIGURES = 200
NAME = re.compile(r"[a-z0-9_]+")


class LineUnknown(APIException):
    """With a sentence of its own: what the framework refuses is told to people who make access tokens."""

    status_code = 401
    auth_header = "Bearer"
    default_detail = (
        "Send the token of the line to this proxy: Authorization: Bearer TOKEN. Where this is that token, set the line "
        "once more in the portal."
    )


class LineSignIn(BaseAuthentication):
    """By the token of the line. No line, another token and no engagement are one answer."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, ProxyLine] | None:
        if request.method != "POST":
            return None  # nobody is asked who they are for what is not understood
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        line = line_named(request.parser_context["kwargs"]["code"], token) if kind == "Bearer" and token else None
        if line is None:
            raise LineUnknown
        return AnonymousUser(), line

    def authenticate_header(self, _: Request) -> str:
        return "Bearer"


class LineScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself by being declared
    target_class = LineSignIn
    name = "proxyLine"

    def get_security_definition(self, _: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "The token of the line to a proxy."}


class NewCount(serializers.Serializer[None]):
    host_name = serializers.CharField(max_length=255)
    at = serializers.FloatField(
        min_value=0, help_text="Seconds since 1970, by the proxy's clock; no more than an hour ahead."
    )
    figures = serializers.DictField(
        child=serializers.FloatField(min_value=0), help_text="Totals by name, of a-z, 0-9 and _ alone."
    )

    def validate_figures(self, figures: dict[str, float]) -> dict[str, float]:
        if len(figures) > MOST_FIGURES:
            raise serializers.ValidationError(f"There may be {MOST_FIGURES} figures at the most.")
        if not all(map(NAME.fullmatch, figures)):
            raise serializers.ValidationError("Name figures with a-z, 0-9 and _ alone.")
        return figures


class Counters(APIView):
    act_scope = Scope.REPORT
    authentication_classes = [LineSignIn]
    permission_classes = [AllowAny]  # whoever has the token is the proxy

    @extend_schema(
        tags=["delivery: parallel delivery"],
        summary="Post the counters of a proxy",
        request=NewCount,
        responses={204: None},
    )
    def post(self, request: Request, code: str) -> Response:  # noqa: ARG002 (the line names its engagement)
        """Totals: the newest of each host is kept, and shown with its age."""
        line = cast("ProxyLine", request.auth)  # what LineSignIn gave
        take_count(line, **checked(NewCount, request.data))
        return Response(status=204)
