"""Two uploads against each other over the API."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.reader import reader_of
from core.asked import checked
from discovery.run_queries import compare_runs, runs_by_host, runs_to_compare
from discovery.views.found import find_estate

if TYPE_CHECKING:
    from rest_framework.request import Request

    from discovery.runs import RunComparison


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
