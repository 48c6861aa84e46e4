"""The search of the pages, over the API."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.reader import reader_of
from accounts.search import LONGEST, SHORTEST, Asked, search
from core.api import APIView
from core.asked import checked

if TYPE_CHECKING:
    from rest_framework.request import Request


class AskedSerializer(serializers.Serializer[None]):
    q = serializers.CharField(
        min_length=SHORTEST,
        max_length=LONGEST,
        help_text="Words, or a finding, a parameter, the beginning of a SHA-256, a Message-ID, a number of a quote.",
    )


class FoundHitSerializer(serializers.Serializer[None]):
    title = serializers.CharField()
    where = serializers.CharField()
    url = serializers.CharField(help_text="The page of it.")
    note = serializers.CharField(allow_blank=True)


class FoundGroupSerializer(serializers.Serializer[None]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of this name, as Field.label is the framework's
    is_cut = serializers.BooleanField(help_text="Whether there are more than are told here.")
    hits = FoundHitSerializer(many=True)


class FoundSerializer(serializers.Serializer[None]):
    groups = FoundGroupSerializer(many=True)


class Search(APIView):
    @extend_schema(
        tags=["search"],
        summary="Whatever you may see of what you look for",
        parameters=[AskedSerializer],
        responses=FoundSerializer,
    )
    def get(self, request: Request) -> Response:
        asked = Asked.read(checked(AskedSerializer, request.query_params)["q"])
        return Response({"groups": [asdict(group) for group in search(reader_of(request), asked)]})
