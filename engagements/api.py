"""Engagements over the API: which there are, and how far each is signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import checked
from engagements.found import find_engagement
from engagements.models import Engagement, Gate

if TYPE_CHECKING:
    from rest_framework.request import Request

    from engagements.models.engagement import EngagementQuerySet


class GateSerializer(serializers.ModelSerializer[Gate]):
    class Meta:
        model = Gate
        fields = ["number", "state"]
        read_only_fields = fields


class EngagementSerializer(serializers.ModelSerializer[Engagement]):
    organization = serializers.CharField(source="organization.name", read_only=True)
    lead = serializers.CharField(source="lead.full_name", read_only=True, allow_null=True, default=None)
    gates = GateSerializer(many=True, read_only=True, source="gates_told")

    class Meta:
        model = Engagement
        fields = [
            "code",
            "title",
            "organization",
            "phase",
            "tier_label",
            "is_plan_only",
            "target",
            "lead",
            "created_at",
            "gates",
        ]
        read_only_fields = fields


class EngagementFilter(serializers.Serializer[None]):
    phase = serializers.ChoiceField(Engagement.Phase.choices, required=False)


@extend_schema(tags=["engagements"], summary="The engagements you see", parameters=[EngagementFilter])
class EngagementList(ListAPIView[Engagement]):
    serializer_class = EngagementSerializer

    def get_queryset(self) -> EngagementQuerySet:
        asked = checked(EngagementFilter, self.request.query_params)
        visible: EngagementQuerySet = Engagement.objects.visible_to(reader_of(self.request)).filter(**asked)
        return with_what_is_told(visible).order_by("-pk")


class EngagementDetail(APIView):
    @extend_schema(tags=["engagements"], summary="One engagement", responses=EngagementSerializer)
    def get(self, request: Request, code: str) -> Response:
        found = find_engagement(request, code)
        visible: EngagementQuerySet = Engagement.objects.visible_to(reader_of(request))
        return Response(EngagementSerializer(with_what_is_told(visible).get(pk=found.pk)).data)


def with_what_is_told(engagements: EngagementQuerySet) -> EngagementQuerySet:
    """The columns of the serializer, and the gates as rows: five models of each would cost more than all the rest."""
    of_each = Gate.objects.filter(engagement=OuterRef("pk"))  # visible to all: those of the engagements that are given
    gates = of_each.order_by("number")
    rows = ArraySubquery(gates.values(told=JSONObject(number="number", state="state")))
    columns = [name for name in EngagementSerializer.Meta.fields if name not in {"organization", "lead", "gates"}]
    told = engagements.annotate(gates_told=rows).select_related("organization", "lead")
    return told.only(*columns, "organization__name", "lead__full_name")
