"""Two uploads against each other over the API."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.http import Http404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import checked
from discovery.found import find_estate
from discovery.models import Upload
from discovery.run_queries import compare_runs, runs_by_host, runs_to_compare

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

    from discovery.runs import RunComparison

A_RUN = {
    "number": 3,
    "host_label": "mta1",
    "collected_on": "2026-05-14",
    "uploaded_by": "Ada Quint",
    "uploaded_at": "2026-05-14T15:02:11Z",
    "read_at": "2026-05-14T15:02:14Z",
    "same_as": None,
    "older_than": None,
    "new_count": 2,
    "changed_count": 1,
    "gone_count": 4,
}


class RunCountsSerializer(serializers.ModelSerializer[Upload]):
    uploaded_by = serializers.CharField(source="uploaded_by.full_name", read_only=True)
    same_as = serializers.IntegerField(source="same_as.number", read_only=True, default=None, allow_null=True)
    older_than = serializers.IntegerField(
        source="older_than.number",
        read_only=True,
        default=None,
        allow_null=True,
        help_text="The upload of a later day that was read before this one, which therefore changes no finding.",
    )

    class Meta:
        model = Upload
        fields = [
            "number",
            "host_label",
            "collected_on",
            "uploaded_by",
            "uploaded_at",
            "read_at",
            "same_as",
            "older_than",
            "new_count",
            "changed_count",
            "gone_count",
        ]
        read_only_fields = fields


class RunFilter(serializers.Serializer[None]):
    host_label = serializers.CharField(required=False, help_text="The host it was collected on.")


class RunList(ListAPIView[Upload]):
    serializer_class = RunCountsSerializer

    def get_queryset(self) -> QuerySet[Upload]:
        engagement = find_estate(self.request, self.kwargs["code"])
        asked = checked(RunFilter, self.request.query_params)
        read = Upload.objects.visible_to(reader_of(self.request)).filter(engagement=engagement, **asked).read()
        return read.select_related("uploaded_by", "same_as", "older_than").latest_first()

    @extend_schema(
        tags=["discovery: uploads"],
        summary="Runs, host by host, the latest first, with what each changed",
        parameters=[RunFilter],
        examples=[OpenApiExample("A run", A_RUN, response_only=True)],
    )
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)


class PairAsked(serializers.Serializer[None]):
    before = serializers.IntegerField(required=False, min_value=1, default=0, help_text="Number of the earlier upload.")
    after = serializers.IntegerField(required=False, min_value=1, default=0, help_text="Number of the later upload.")


class ItemSerializer(serializers.Serializer[None]):
    instance = serializers.CharField()  # type: ignore[assignment]  # DRF takes a declared field off the class
    name = serializers.CharField()
    value = serializers.CharField()
    file = serializers.CharField()
    line = serializers.IntegerField()
    finding = serializers.IntegerField(help_text="Number of the finding, 0 for everything else.")


class ChangeSerializer(serializers.Serializer[None]):
    kind = serializers.ChoiceField(["added", "removed", "changed"])
    before = ItemSerializer(allow_null=True)
    after = ItemSerializer(allow_null=True)


class SectionSerializer(serializers.Serializer[None]):
    slug = serializers.CharField()
    title = serializers.CharField()
    changes = ChangeSerializer(many=True)
    unchanged = serializers.IntegerField()
    too_large = serializers.ListField(
        child=serializers.CharField(), help_text="Tables of which only the digests were compared."
    )


class RunSerializer(serializers.Serializer[None]):
    number = serializers.IntegerField()
    host = serializers.CharField()


class ComparisonSerializer(serializers.Serializer[None]):
    before = RunSerializer(allow_null=True)
    after = RunSerializer(allow_null=True)
    sections = SectionSerializer(many=True)


class Comparison(APIView):
    @extend_schema(
        tags=["discovery: uploads"],
        summary="Two uploads compared",
        parameters=[PairAsked],
        responses=ComparisonSerializer,
    )
    def get(self, request: Request, code: str) -> Response:
        """Without numbers: the two latest of a host. Without two uploads that were read: no sections."""
        engagement = find_estate(request, code)
        asked = checked(PairAsked, request.query_params)
        try:
            pair = runs_to_compare(runs_by_host(engagement, reader_of(request)), asked["before"], asked["after"])
        except KeyError:
            raise Http404 from None
        if pair is None:
            return Response({"before": None, "after": None, "sections": []})
        return Response(_body(compare_runs(*pair)))


def _body(comparison: RunComparison) -> dict[str, Any]:
    runs = {name: getattr(comparison, name) for name in ("before", "after")}
    told = {name: {"number": run.number, "host": run.host} for name, run in runs.items()}
    return {**told, "sections": [asdict(section) for section in comparison.sections]}
