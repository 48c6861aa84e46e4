"""Engagements over the API: which there are, and how far each is signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Prefetch
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
    gates = GateSerializer(many=True, read_only=True)

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
        columns = Gate.objects.only("engagement", "number", "state")  # visible to all: those of the engagements below
        gates = Prefetch("gates", queryset=columns)
        return visible.select_related("organization", "lead").prefetch_related(gates).order_by("-pk")


class EngagementDetail(APIView):
    @extend_schema(tags=["engagements"], summary="One engagement", responses=EngagementSerializer)
    def get(self, request: Request, code: str) -> Response:
        return Response(EngagementSerializer(find_engagement(request, code)).data)
