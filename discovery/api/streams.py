"""Streams over the API: list them, add, name, mark migrate or stay, remove and bring back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import at_version, checked, version_seen
from discovery.api.finding_shapes import SeenSerializer, VersionSerializer
from discovery.domain.add_stream import add_stream
from discovery.domain.remove_stream import remove_stream, restore_stream
from discovery.domain.route_streams import route_streams
from discovery.domain.settle_stream import StreamText, settle_stream
from discovery.found import find_estate, find_reviewed, find_stream
from discovery.models import Stream

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

TAGS = ["discovery: streams"]


class StreamSerializer(serializers.ModelSerializer[Stream]):
    reference = serializers.CharField(read_only=True)

    class Meta:
        model = Stream
        fields = [
            "number",
            "reference",
            "version",
            "name",
            "kind",
            "purpose",
            "state",
            "route",
            "route_reason",
            "created_at",
            "changed_at",
        ]
        read_only_fields = fields


class MarkedSerializer(serializers.Serializer[None]):
    streams = StreamSerializer(many=True)


class StreamTextSerializer(serializers.Serializer[None]):
    name = serializers.CharField(max_length=120)
    purpose = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    route = serializers.ChoiceField(Stream.Route.choices, default=Stream.Route.UNDECIDED)
    route_reason = serializers.CharField(
        required=False, allow_blank=True, max_length=2000, help_text="A stream that stays says why."
    )


class SettleSerializer(StreamTextSerializer, VersionSerializer):
    """The whole text: what is left out is emptied."""


class StreamFilter(serializers.Serializer[None]):
    state = serializers.ChoiceField(Stream.State.choices, required=False)
    route = serializers.ChoiceField(Stream.Route.choices, required=False)


class StreamList(ListAPIView[Stream]):
    serializer_class = StreamSerializer

    def get_queryset(self) -> QuerySet[Stream]:
        engagement = find_estate(self.request, self.kwargs["code"])
        asked = checked(StreamFilter, self.request.query_params)
        return Stream.objects.visible_to(reader_of(self.request)).filter(engagement=engagement, **asked)

    @extend_schema(tags=TAGS, summary="Streams", parameters=[StreamFilter])
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(tags=TAGS, summary="Add a stream", request=StreamTextSerializer, responses={201: StreamSerializer})
    def post(self, request: Request, code: str) -> Response:
        engagement = find_reviewed(request, code)
        text = StreamText(**checked(StreamTextSerializer, request.data))
        stream = add_stream(engagement, actor=reader_of(request), text=text)
        return at_version(StreamSerializer(stream).data, stream.version, status=201)


class RouteSerializer(serializers.Serializer[None]):
    streams = SeenSerializer(many=True)
    route = serializers.ChoiceField(Stream.Route.choices)
    route_reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class StreamsRoute(APIView):
    @extend_schema(
        operation_id="mark_chosen_streams",
        tags=TAGS,
        summary="Mark several streams at once",
        request=RouteSerializer,
        responses=MarkedSerializer,
    )
    def post(self, request: Request, code: str) -> Response:
        """All of them or none."""
        engagement = find_reviewed(request, code)
        sent = checked(RouteSerializer, request.data)
        versions = {one["number"]: one["version"] for one in sent.pop("streams")}
        marked = route_streams(engagement, versions=versions, actor=reader_of(request), **sent)
        return Response({"streams": StreamSerializer(marked, many=True).data})


class StreamDetail(APIView):
    @extend_schema(tags=TAGS, summary="One stream", responses=StreamSerializer)
    def get(self, request: Request, code: str, number: int) -> Response:
        return _shown(find_stream(request, find_estate(request, code), number))

    @extend_schema(
        operation_id="settle_stream",
        tags=TAGS,
        summary="Name a stream and mark it",
        request=SettleSerializer,
        responses={200: StreamSerializer},
    )
    def post(self, request: Request, code: str, number: int) -> Response:
        stream = find_stream(request, find_estate(request, code), number)
        require(reader_of(request), Permission.REVIEW, stream.engagement.organization)
        sent = checked(SettleSerializer, request.data)
        version = version_seen(request, sent)
        sent.pop("version", None)
        return _shown(settle_stream(stream, actor=reader_of(request), version=version, text=StreamText(**sent)))


@extend_schema(tags=TAGS, summary="Take a stream off the list", request=VersionSerializer, responses=StreamSerializer)
class StreamRemove(APIView):
    def post(self, request: Request, code: str, number: int) -> Response:
        stream = find_stream(request, find_reviewed(request, code), number)
        version = version_seen(request, checked(VersionSerializer, request.data))
        return _shown(remove_stream(stream, actor=reader_of(request), version=version))


@extend_schema(tags=TAGS, summary="Bring a stream back", request=VersionSerializer, responses=StreamSerializer)
class StreamRestore(APIView):
    def post(self, request: Request, code: str, number: int) -> Response:
        stream = find_stream(request, find_reviewed(request, code), number)
        version = version_seen(request, checked(VersionSerializer, request.data))
        return _shown(restore_stream(stream, actor=reader_of(request), version=version))


def _shown(stream: Stream) -> Response:
    return at_version(StreamSerializer(stream).data, stream.version)
