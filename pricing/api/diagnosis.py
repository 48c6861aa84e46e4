"""The diagnosis over the API: the whole, and stream by stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.permissions import require_any
from accounts.reader import reader_of
from core.api import APIView
from core.asked import at_version, checked, version_seen
from discovery.api.finding_shapes import VersionOrNoneSerializer
from discovery.models import Stream
from engagements.found import find_engagement
from pricing.api.offer_shapes import SignalSerializer
from pricing.api.request_shapes import count_field
from pricing.calculation.diagnosis import Band
from pricing.calculation.hybrid import Result
from pricing.domain.assume_cost import ESTIMATORS, LONGEST_REASON
from pricing.domain.size_stream import Sized, size_stream
from pricing.forms import LARGEST
from pricing.found import find_weighed, find_weighed_stream

if TYPE_CHECKING:
    from rest_framework.request import Request

TAGS = ["pricing: diagnosis"]


class WeighedStreamSerializer(serializers.Serializer[Any]):
    """`band` is what its numbers say, `route` what people marked. `version` is 0 before anybody sized it."""

    number = serializers.IntegerField(source="stream.number")
    name = serializers.CharField(source="stream.name")
    route = serializers.ChoiceField(Stream.Route.choices, source="stream.route")
    band = serializers.ChoiceField(list(Band), source="verdict.band", allow_null=True)
    numbers = serializers.CharField(source="verdict.numbers")
    month = serializers.IntegerField(source="verdict.points.month", allow_null=True)
    peak = serializers.IntegerField(source="verdict.points.peak", allow_null=True)
    ips = serializers.IntegerField(source="verdict.points.ips", allow_null=True)
    origin = serializers.CharField(source="size.origin", default="")
    version = serializers.IntegerField()


class WeighedSerializer(serializers.Serializer[Any]):
    """`result` is hybrid where some streams are well on Postfix and others are not."""

    result = serializers.ChoiceField(list(Result), source="hybrid.result")
    title = serializers.CharField(source="hybrid.label")
    explanation = serializers.CharField(source="hybrid.explanation")
    band = serializers.ChoiceField(list(Band), source="diagnosis.band")
    is_provisional = serializers.BooleanField(source="diagnosis.is_provisional")
    signals = SignalSerializer(many=True, source="diagnosis.signals")
    streams = WeighedStreamSerializer(many=True, source="rows")


class SizeSerializer(VersionOrNoneSerializer):
    """The whole of it: a number that is left out is unknown."""

    month = count_field(most=LARGEST)
    peak = count_field(most=LARGEST)
    ips = count_field(least=1)
    origin = serializers.CharField(max_length=LONGEST_REASON)


class DiagnosisDetail(APIView):
    @extend_schema(tags=TAGS, summary="Whether to migrate, and which streams", responses=WeighedSerializer)
    def get(self, request: Request, code: str) -> Response:
        return Response(WeighedSerializer(find_weighed(request, find_engagement(request, code))).data)


class StreamSizeDetail(APIView):
    @extend_schema(
        operation_id="size_stream",
        tags=TAGS,
        summary="Write down what one stream sends",
        request=SizeSerializer,
        responses={200: WeighedStreamSerializer},
    )
    def post(self, request: Request, code: str, number: int) -> Response:
        engagement = find_engagement(request, code)
        require_any(reader_of(request), ESTIMATORS, engagement.organization)
        row = find_weighed_stream(request, engagement, number)
        sent = checked(SizeSerializer, request.data)
        sized = Sized(**{**sent, "version": version_seen(request, sent)})
        size_stream(row.stream, sized=sized, actor=reader_of(request))
        row = find_weighed_stream(request, engagement, number)
        return at_version(WeighedStreamSerializer(row).data, row.version)
