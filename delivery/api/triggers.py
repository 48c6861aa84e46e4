"""Triggers over the API: limits of one's own, what was seen, and decisions to go back or to stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.permissions import EITHER_SIDE, Permission, require, require_any
from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import checked
from core.scopes import Scope
from delivery.domain.decide_trigger import add_trigger, decide_trigger, remove_trigger, report_trigger
from delivery.domain.person_words import MOST_LETTERS
from delivery.found import find_decision
from delivery.models import OwnTrigger, TriggerDecision
from discovery.found import find_estate

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

TAGS = ["delivery: parallel delivery"]


class TriggerSerializer(serializers.ModelSerializer[OwnTrigger]):
    class Meta:
        model = OwnTrigger
        fields = ["id", "title", "figure", "limit", "added_at", "removed_at"]
        read_only_fields = fields


class TriggerDecisionSerializer(serializers.ModelSerializer[TriggerDecision]):
    decided_by = serializers.CharField(source="decided_by.full_name", read_only=True, default=None, allow_null=True)

    class Meta:
        model = TriggerDecision
        fields = ["number", "key", "title", "said", "opened_at", "decision", "reason", "decided_at", "decided_by"]
        read_only_fields = fields


class NewTrigger(serializers.Serializer[None]):
    title = serializers.CharField(max_length=120)
    figure = serializers.ChoiceField(OwnTrigger.Figure.choices)
    limit = serializers.DecimalField(max_digits=6, decimal_places=3, help_text="Percent from which it is crossed.")


class TriggerReport(serializers.Serializer[None]):
    key = serializers.CharField(max_length=40, help_text="Of the plan: failure, bounces or gap.")
    seen = serializers.CharField(max_length=MOST_LETTERS)


class TriggerChoice(serializers.Serializer[None]):
    choice = serializers.ChoiceField(TriggerDecision.Decision.choices)
    reason = serializers.CharField(max_length=MOST_LETTERS, help_text="Both sides read it.")


class Triggers(ListAPIView[OwnTrigger]):
    serializer_class = TriggerSerializer

    def get_queryset(self) -> QuerySet[OwnTrigger]:
        engagement = find_estate(self.request, self.kwargs["code"])
        return OwnTrigger.objects.visible_to(reader_of(self.request)).filter(engagement=engagement, removed_at=None)

    @extend_schema(tags=TAGS, summary="Triggers of the engagement's own")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(tags=TAGS, summary="Add a trigger", request=NewTrigger, responses={201: TriggerSerializer})
    def post(self, request: Request, code: str) -> Response:
        engagement = find_estate(request, code)
        require(reader_of(request), Permission.ORDER_ROLLBACK, engagement.organization)
        own = add_trigger(engagement, actor=reader_of(request), **checked(NewTrigger, request.data))
        return Response(TriggerSerializer(own).data, status=201)


class TriggerRemove(APIView):
    @extend_schema(tags=TAGS, summary="Remove a trigger", request=None, responses=TriggerSerializer)
    def post(self, request: Request, code: str, pk: int) -> Response:
        """Decisions that it opened stay."""
        visible = OwnTrigger.objects.visible_to(reader_of(request))
        own = get_object_or_404(visible, engagement=find_estate(request, code), pk=pk)
        return Response(TriggerSerializer(remove_trigger(own, actor=reader_of(request))).data)


class TriggerReports(APIView):
    act_scope = Scope.REPORT

    @extend_schema(
        tags=TAGS, summary="Report what was seen", request=TriggerReport, responses={201: TriggerDecisionSerializer}
    )
    def post(self, request: Request, code: str) -> Response:
        """Opens a decision and mails both sides. 409 while the same one waits."""
        engagement = find_estate(request, code)
        require_any(reader_of(request), EITHER_SIDE, engagement.organization)
        decision = report_trigger(engagement, actor=reader_of(request), **checked(TriggerReport, request.data))
        return Response(TriggerDecisionSerializer(decision).data, status=201)


class Decisions(ListAPIView[TriggerDecision]):
    serializer_class = TriggerDecisionSerializer

    def get_queryset(self) -> QuerySet[TriggerDecision]:
        engagement = find_estate(self.request, self.kwargs["code"])
        visible = TriggerDecision.objects.visible_to(reader_of(self.request)).filter(engagement=engagement)
        return visible.select_related("decided_by")

    @extend_schema(tags=TAGS, summary="Decisions to go back or to stay, latest first")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)


class DecisionDetail(APIView):
    @extend_schema(tags=TAGS, summary="One decision", responses=TriggerDecisionSerializer)
    def get(self, request: Request, code: str, number: int) -> Response:
        return Response(TriggerDecisionSerializer(find_decision(request, find_estate(request, code), number)).data)

    @extend_schema(
        tags=TAGS,
        summary="Decide",
        request=TriggerChoice,
        responses=TriggerDecisionSerializer,
        operation_id="engagements_parallel_decision_decide",
    )
    def post(self, request: Request, code: str, number: int) -> Response:
        """To go back is decided here and started as a rollback. 409 the second time."""
        decision = find_decision(request, find_estate(request, code), number)
        require(reader_of(request), Permission.ORDER_ROLLBACK, decision.engagement.organization)
        decided = decide_trigger(decision, actor=reader_of(request), **checked(TriggerChoice, request.data))
        return Response(TriggerDecisionSerializer(decided).data)
