"""Looking a message up over the API: what the kept logs say of it, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.permissions import EITHER_SIDE, require_any
from accounts.reader import reader_of
from core.api import APIView
from core.asked import checked
from core.throttles import LookupThrottle, ReadThrottle
from delivery.domain.find_in_logs import LONGEST, lookup_of, request_lookup
from discovery.api.uploads import ProgressSerializer
from discovery.found import find_estate

if TYPE_CHECKING:
    from rest_framework.request import Request

TAGS = ["delivery: parallel delivery"]


class NewMessageLookup(serializers.Serializer[None]):
    asked = serializers.CharField(max_length=LONGEST, help_text="A whole Message-ID, queue id, recipient or trace.")


class LogLineSerializer(serializers.Serializer[Any]):
    log = serializers.IntegerField(help_text="The number of the log.")
    filename = serializers.CharField()
    line = serializers.IntegerField(help_text="Counted from 1 in the unpacked file.")
    text = serializers.CharField(help_text="Shortened; addresses that were not asked for are masked.")


class MessageLookupSerializer(serializers.Serializer[Any]):
    progress = ProgressSerializer(source="*")
    problem = serializers.CharField(source="error_sentence", help_text="Why it did not come to its end.")
    lines = LogLineSerializer(source="result.lines", many=True, default=())
    is_cut = serializers.BooleanField(source="result.is_cut", default=False, help_text="There are more lines.")
    unread = serializers.IntegerField(
        source="result.unread", default=0, help_text="Of the lines: those whose fields could not be told apart."
    )


class Lookup(APIView):
    throttle_classes = [ReadThrottle, LookupThrottle]

    @extend_schema(
        tags=TAGS,
        summary="What the logs say of a message",
        parameters=[OpenApiParameter("asked", OpenApiTypes.STR, required=True, description="As it was looked up.")],
        responses=MessageLookupSerializer,
    )
    def get(self, request: Request, code: str) -> Response:
        """404 where nobody looked it up, or where the answer was cleared away since: look it up anew."""
        engagement = find_estate(request, code)
        job = lookup_of(engagement, request.query_params.get("asked", ""))
        if job is None:
            raise Http404
        return Response(MessageLookupSerializer(job).data)

    @extend_schema(
        tags=TAGS,
        summary="Look a message up in the logs",
        request=NewMessageLookup,
        responses={201: MessageLookupSerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        """A job reads every kept log; asked again meanwhile, the same one is answered. 409 while another one runs."""
        engagement = find_estate(request, code)
        require_any(reader_of(request), EITHER_SIDE, engagement.organization)
        job = request_lookup(engagement, actor=reader_of(request), **checked(NewMessageLookup, request.data))
        return Response(MessageLookupSerializer(job).data, status=201)
