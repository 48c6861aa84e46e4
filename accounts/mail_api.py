"""Which mail one gets, over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.domain.prove_address import ask_for_proof
from accounts.domain.switch_mail import kinds_for, kinds_off, switch_mail
from accounts.reader import reader_of
from core.api import APIView
from core.asked import checked

if TYPE_CHECKING:
    from rest_framework.request import Request

    from accounts.models import User

TAGS = ["profile"]


class MailKindSerializer(serializers.Serializer[None]):
    key = serializers.CharField()
    title = serializers.CharField()
    to = serializers.CharField(help_text="Who gets it.")
    when = serializers.CharField()
    can_be_off = serializers.BooleanField()
    is_on = serializers.BooleanField()


class MailChoice(serializers.Serializer[None]):
    off = serializers.ListField(
        child=serializers.CharField(max_length=60), help_text="The keys of all kinds that are to be off."
    )


class MailKinds(APIView):
    for_people = True

    @extend_schema(tags=TAGS, summary="Which mail you get", responses=MailKindSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(_told(reader_of(request)))

    @extend_schema(
        tags=TAGS,
        summary="Switch kinds of mail off; every other is on",
        request=MailChoice,
        responses=MailKindSerializer(many=True),
    )
    def put(self, request: Request) -> Response:
        switch_mail(reader_of(request), off=set(checked(MailChoice, request.data)["off"]))
        return Response(_told(reader_of(request)))


class ReachSerializer(serializers.Serializer[Any]):
    address = serializers.EmailField(source="email")
    is_reached = serializers.BooleanField(help_text="False while mail to the address comes back.")
    unreached_since = serializers.DateTimeField(allow_null=True)


class MailTest(APIView):
    for_people = True

    @extend_schema(tags=TAGS, summary="Whether mail reaches you", responses=ReachSerializer)
    def get(self, request: Request) -> Response:
        return Response(ReachSerializer(reader_of(request)).data)

    @extend_schema(
        tags=TAGS,
        summary="Have a link mailed that proves that mail reaches you again",
        request=None,
        responses=ReachSerializer,
    )
    def post(self, request: Request) -> Response:
        ask_for_proof(reader_of(request))
        return Response(ReachSerializer(reader_of(request)).data)


def _told(reader: User) -> list[dict[str, Any]]:
    off = kinds_off(reader)
    return [
        {
            "key": kind.key,
            "title": kind.title,
            "to": kind.to,
            "when": kind.when,
            "can_be_off": kind.can_be_off,
            "is_on": kind.key not in off,
        }
        for kind in kinds_for(reader)
    ]
