"""The running costs over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from accounts.permissions import require_any
from accounts.reader import reader_of
from core.api import APIView
from core.asked import at_version, checked, version_seen
from discovery.api.finding_shapes import VersionOrNoneSerializer
from pricing.calculation.ownership import Head, Way
from pricing.costs import costs_for
from pricing.domain.assume_cost import ESTIMATORS, LONGEST_REASON, Assumed, assume_cost
from pricing.found import find_priced

if TYPE_CHECKING:
    from rest_framework.request import Request

    from engagements.models import Engagement
    from pricing.costs import AssumptionRow

TAGS = ["pricing: costs"]


class SpanSerializer(serializers.Serializer[Any]):
    """USD; `and_more` says that a source names no upper end."""

    low = serializers.DecimalField(max_digits=16, decimal_places=2)
    high = serializers.DecimalField(max_digits=16, decimal_places=2)
    and_more = serializers.BooleanField()


class YearCostSerializer(serializers.Serializer[Any]):
    year = serializers.IntegerField()
    head = serializers.ChoiceField(list(Head))
    amount = SpanSerializer()
    formula = serializers.CharField()
    origin = serializers.CharField(source="source")


class CostSerializer(serializers.Serializer[Any]):
    way = serializers.ChoiceField(list(Way))
    total = SpanSerializer()
    rows = YearCostSerializer(many=True)


class AssumptionSerializer(serializers.Serializer[Any]):
    """`version` is 0 as long as the book's number holds."""

    key = serializers.CharField(source="known.key")
    title = serializers.CharField(source="known.label")
    unit = serializers.CharField(source="known.unit")
    value = serializers.DecimalField(max_digits=12, decimal_places=2)
    in_the_book = serializers.DecimalField(max_digits=12, decimal_places=2, source="known.value")
    origin = serializers.CharField(source="known.source")
    reason = serializers.CharField(source="replaced.reason", default="")
    version = serializers.IntegerField()


class CostsSerializer(serializers.Serializer[Any]):
    """`month` is the stated monthly volume; without it only staying can be told."""

    month = serializers.IntegerField(allow_null=True)
    years = serializers.IntegerField()
    costs = CostSerializer(many=True)
    break_even = serializers.IntegerField(allow_null=True)
    assumptions = AssumptionSerializer(many=True)


class AssumedSerializer(VersionOrNoneSerializer):
    value = serializers.DecimalField(max_digits=12, decimal_places=2)
    reason = serializers.CharField(max_length=LONGEST_REASON)


class CostsDetail(APIView):
    @extend_schema(tags=TAGS, summary="Costs of staying and of each target", responses=CostsSerializer)
    def get(self, request: Request, code: str) -> Response:
        return Response(CostsSerializer(costs_for(find_priced(request, code), reader_of(request))).data)


class AssumptionDetail(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Replace one assumption of the costs",
        request=AssumedSerializer,
        responses={200: AssumptionSerializer},
    )
    def post(self, request: Request, code: str, assumption: str) -> Response:
        engagement = find_priced(request, code)
        _find(request, engagement, assumption)
        require_any(reader_of(request), ESTIMATORS, engagement.organization)
        sent = checked(AssumedSerializer, request.data)
        assumed = Assumed(sent["value"], sent["reason"], version_seen(request, sent))
        assume_cost(engagement, key=assumption, assumed=assumed, actor=reader_of(request))
        row = _find(request, engagement, assumption)
        return at_version(AssumptionSerializer(row).data, row.version)


def _find(request: Request, engagement: Engagement, key: str) -> AssumptionRow:
    row = costs_for(engagement, reader_of(request)).assumption(key)
    if row is None:
        raise NotFound
    return row
