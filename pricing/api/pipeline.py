"""The pipeline and the figures of sales over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core.api import APIView
from core.asked import checked
from pricing.api.clock_shapes import ClockSerializer
from pricing.figures import ALL, cases_in, figures_of, periods
from pricing.found import reader_of_figures
from pricing.pipeline import SHOWN, pipeline
from pricing.standings import GroupKind

if TYPE_CHECKING:
    from rest_framework.request import Request

TAGS = ["pricing: requests"]


class PipelineFilter(serializers.Serializer[None]):
    show = serializers.ChoiceField(SHOWN, default=SHOWN[0])
    page = serializers.IntegerField(min_value=1, default=1)


class PipelineRowSerializer(serializers.Serializer[Any]):
    """`tier` says "so far" while numbers are open."""

    code = serializers.CharField(source="request.engagement.code")
    organization = serializers.CharField(source="request.engagement.organization.name")
    owner = serializers.CharField(source="request.owner.full_name")
    tier = serializers.CharField()
    missing = serializers.CharField()
    clock = ClockSerializer(allow_null=True)
    quote = serializers.CharField(source="quote.reference", default=None, allow_null=True)
    valid_until = serializers.DateTimeField(source="quote.valid_until", default=None, allow_null=True)
    renewal_asked_at = serializers.DateTimeField(source="quote.renewal_asked_at", default=None, allow_null=True)


class GroupSerializer(serializers.Serializer[Any]):
    """`total` counts the rows on other pages as well."""

    kind = serializers.ChoiceField([str(kind) for kind in GroupKind])
    total = serializers.IntegerField()
    rows = PipelineRowSerializer(many=True)


class PipelineSerializer(serializers.Serializer[Any]):
    """Each group in the order in which it asks for attention; what is closed is counted."""

    groups = GroupSerializer(many=True)
    pages = serializers.IntegerField(source="page.paginator.num_pages")
    won = serializers.IntegerField()
    lost = serializers.IntegerField()
    stayed = serializers.IntegerField()


class PipelineDetail(APIView):
    @extend_schema(
        tags=TAGS,
        summary="The pipeline, what breaks its promise first on top",
        parameters=[PipelineFilter],
        responses=PipelineSerializer,
    )
    def get(self, request: Request) -> Response:
        reader = reader_of_figures(request)
        asked = checked(PipelineFilter, request.query_params)
        return Response(PipelineSerializer(pipeline(reader, shown=asked["show"], page=asked["page"])).data)


class PeriodFilter(serializers.Serializer[None]):
    period = serializers.CharField(default=ALL, help_text="2026, 2026-Q4, or all.")


class FigureSerializer(serializers.Serializer[Any]):
    """`among` is the count it is a part of; null for the largest."""

    key = serializers.CharField()
    title = serializers.CharField(source="label")
    definition = serializers.CharField()
    count = serializers.IntegerField()
    among = serializers.IntegerField(allow_null=True)


class BreachesSerializer(serializers.Serializer[Any]):
    owner = serializers.CharField()
    reason = serializers.CharField()
    count = serializers.IntegerField()


class FitSerializer(serializers.Serializer[Any]):
    verdict = serializers.CharField()
    count = serializers.IntegerField()


class LossesSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField()
    count = serializers.IntegerField()
    fits = FitSerializer(many=True)


class FiguresSerializer(serializers.Serializer[Any]):
    """`median` is a text such as "6 h 30 min"; empty as long as no quote was timed."""

    funnel = FigureSerializer(many=True)
    clock = FigureSerializer(many=True)
    timed = FigureSerializer()
    median = serializers.CharField()
    breaches = BreachesSerializer(many=True)
    losses = LossesSerializer(many=True)


class FiguresDetail(APIView):
    @extend_schema(
        tags=TAGS,
        summary="The figures of sales, with their definitions",
        parameters=[PeriodFilter],
        responses=FiguresSerializer,
    )
    def get(self, request: Request) -> Response:
        reader = reader_of_figures(request)
        asked = checked(PeriodFilter, request.query_params)["period"]
        known = {period.key: period for period in periods(reader, timezone.now())}
        if asked not in known:
            raise serializers.ValidationError({"period": f"No request was recorded in “{asked}”."})
        return Response(FiguresSerializer(figures_of(cases_in(reader, known[asked]))).data)
