"""One's access tokens over the API: which there are, a new one, and one that ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.domain.make_token import LIFETIMES, make_token
from accounts.domain.revoke_token import revoke_token
from accounts.middleware import last_authentication
from accounts.models import AccessToken
from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import checked
from core.scopes import Scope

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from django.db.models import QuerySet
    from rest_framework.request import Request

TAGS = ["profile"]


class TokenSerializer(serializers.ModelSerializer[AccessToken]):
    class Meta:
        model = AccessToken
        fields = ["reference", "name", "scope", "created", "expiry", "last_used_at"]
        read_only_fields = fields


class NewToken(serializers.Serializer[None]):
    name = serializers.CharField(max_length=80, help_text="The program that will use it.")
    scope = serializers.ChoiceField(Scope.choices, help_text="What it is for.")
    days = serializers.ChoiceField([*LIFETIMES.items()], help_text="How long it is valid.")


class MadeTokenSerializer(TokenSerializer):
    token = serializers.CharField(help_text="Shown this once, and kept nowhere.")

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "token"]
        read_only_fields = fields


def proved_at(request: Request) -> datetime | None:
    """When whoever asks proved who they are: a token does with each request, a session when somebody last did."""
    return timezone.now() if token_of(request) else last_authentication(request)


def token_of(request: Request) -> AccessToken | None:
    """What the request signed in with; None for a person in a browser."""
    return request.auth if isinstance(request.auth, AccessToken) else None


class Tokens(ListAPIView[AccessToken]):
    for_people = True
    serializer_class = TokenSerializer
    shows_secret = True

    def get_queryset(self) -> QuerySet[AccessToken]:
        return AccessToken.objects.of(reader_of(self.request))

    @extend_schema(tags=TAGS, summary="Your access tokens, latest first")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(tags=TAGS, summary="Make an access token", request=NewToken, responses={201: MadeTokenSerializer})
    def post(self, request: Request) -> Response:
        """For a program. One that is made with a token cannot outlast it. A browser session needs a fresh proof."""
        said = checked(NewToken, request.data)
        made, text = make_token(
            reader_of(request), authenticated_at=proved_at(request), made_with=token_of(request), **said
        )
        made.token = text
        return Response(MadeTokenSerializer(made).data, status=201)


class TokenRevoke(APIView):
    for_people = True

    @extend_schema(tags=TAGS, summary="Revoke an access token", request=None, responses={204: None})
    def post(self, request: Request, reference: uuid.UUID) -> Response:
        """From now on nothing gets in with it."""
        token = get_object_or_404(AccessToken.objects.of(reader_of(request)), reference=reference)
        revoke_token(token, actor=reader_of(request))
        return Response(status=204)
