"""Service users over the API: which there are, apart from people; made and ended; their tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.domain.end_service_user import end_service_user
from accounts.domain.make_service_token import make_service_token, revoke_service_token
from accounts.domain.make_service_user import make_service_user
from accounts.models import AccessToken, Membership
from accounts.reader import reader_of
from accounts.service_rows import find_service, find_services
from accounts.token_api import MadeTokenSerializer, NewToken, TokenSerializer, proved_at, token_of
from core.api import APIView, ListAPIView
from core.asked import checked

if TYPE_CHECKING:
    import uuid

    from django.db.models import QuerySet
    from rest_framework.request import Request

TAGS = ["service users"]


class ServiceSerializer(serializers.ModelSerializer[Membership]):
    name = serializers.CharField(source="user.full_name")
    made_at = serializers.DateTimeField(source="created_at")
    token_count = serializers.IntegerField()
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="When one of its tokens was used last.")

    class Meta:
        model = Membership
        fields = ["id", "name", "role", "made_at", "token_count", "last_used_at"]
        read_only_fields = fields


class NewService(serializers.Serializer[None]):
    name = serializers.CharField(max_length=120, help_text="The program that will use it.")
    role = serializers.ChoiceField(Membership.Role.choices, help_text="One of its side, neither owner nor signatory.")


class Services(ListAPIView[Membership]):
    serializer_class = ServiceSerializer

    def get_queryset(self) -> QuerySet[Membership]:
        return find_services(reader_of(self.request), self.kwargs["pk"])[1]

    @extend_schema(tags=TAGS, summary="The service users of an organization, by name")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        """Accounts that programs alone use. They are told apart from people, and never sign or approve money."""
        return super().get(request, *arguments, **keywords)

    @extend_schema(tags=TAGS, summary="Make a service user", request=NewService, responses={201: ServiceSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """For a program that works for the organization and for nobody in person. It gets in once it has a token."""
        organization, services = find_services(reader_of(request), pk)
        made = make_service_user(organization, actor=reader_of(request), **checked(NewService, request.data))
        return Response(ServiceSerializer(services.get(pk=made.pk)).data, status=201)


class ServiceEnd(APIView):
    @extend_schema(tags=TAGS, summary="End a service user", request=None, responses={204: None})
    def post(self, request: Request, pk: int, service: int) -> Response:
        """Its tokens are revoked, and what it did stays under its name."""
        end_service_user(find_service(reader_of(request), pk, service), actor=reader_of(request))
        return Response(status=204)


class ServiceTokens(ListAPIView[AccessToken]):
    serializer_class = TokenSerializer
    shows_secret = True

    def get_queryset(self) -> QuerySet[AccessToken]:
        service = find_service(reader_of(self.request), self.kwargs["pk"], self.kwargs["service"])
        return AccessToken.objects.of(service.user)

    @extend_schema(tags=TAGS, summary="The access tokens of a service user, latest first")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(
        tags=TAGS,
        summary="Make an access token of a service user",
        request=NewToken,
        responses={201: MadeTokenSerializer},
    )
    def post(self, request: Request, pk: int, service: int) -> Response:
        """It does what the service user may, as far as its scope goes. Made with a token, it ends with that.

        A browser session needs a fresh proof of who it is.
        """
        found, said = find_service(reader_of(request), pk, service), checked(NewToken, request.data)
        proved, used = proved_at(request), token_of(request)
        made, text = make_service_token(
            found, authenticated_at=proved, actor=reader_of(request), made_with=used, **said
        )
        made.token = text
        return Response(MadeTokenSerializer(made).data, status=201)


class ServiceTokenRevoke(APIView):
    @extend_schema(tags=TAGS, summary="Revoke an access token of a service user", request=None, responses={204: None})
    def post(self, request: Request, pk: int, service: int, reference: uuid.UUID) -> Response:
        """From now on nothing gets in with it."""
        found = find_service(reader_of(request), pk, service)
        token = get_object_or_404(AccessToken.objects.of(found.user), reference=reference)
        revoke_service_token(found, token, actor=reader_of(request))
        return Response(status=204)
