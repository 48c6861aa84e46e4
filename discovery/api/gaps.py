"""Gaps over the API: list them, recommend, decide and take back, several at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import at_version, checked
from discovery.api.finding_shapes import SeenSerializer
from discovery.domain.decide_gaps import decide_gaps, withdraw_decisions
from discovery.domain.lock_gaps import LONGEST_NOTE
from discovery.domain.recommend_choice import recommend_choice
from discovery.found import find_decided, find_estate, find_gaps, find_reviewed
from discovery.gap_choices import PRICE, choices_for
from discovery.models import Gap
from engagements.models import Engagement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet
    from rest_framework.request import Request

TAGS = ["discovery: translation"]
A_GAP = {
    "number": 7,
    "reference": "G-007",
    "version": 2,
    "target": "powermta",
    "host": "mta1",
    "translation": 3,
    "row": 41,
    "kind": "milter",
    "name": "custom",
    "file": "etc/postfix/main.cf",
    "line": 12,
    "value": "inet:127.0.0.1:9900",
    "letter": "X",
    "loss": "Nothing outside is asked while mail is taken in.",
    "price": PRICE,
    "choices": ["application", "accept"],
    "recommended": "application",
    "recommendation": "The application knows the tag before it sends.",
    "choice": "",
    "note": "",
    "decided_by": None,
    "decided_at": None,
    "reopened_because": "",
    "changed_at": "2026-05-14T21:00:00Z",
}


class GapSerializer(serializers.ModelSerializer[Gap]):
    reference = serializers.CharField(read_only=True)
    host = serializers.CharField(source="host_label", read_only=True)
    translation = serializers.IntegerField(
        source="row.translation.number", read_only=True, help_text="The newest translation that shows it."
    )
    row = serializers.IntegerField(source="row.number", read_only=True, help_text="Its number in the map of that one.")
    kind = serializers.CharField(source="row.kind", read_only=True)
    name = serializers.CharField(source="row.name", read_only=True)
    file = serializers.CharField(source="row.file", read_only=True)
    line = serializers.IntegerField(source="row.line", read_only=True)
    value = serializers.CharField(source="row.value", read_only=True)
    letter = serializers.CharField(source="row.letter", read_only=True)
    loss = serializers.CharField(source="row.loss", read_only=True, help_text="What changes for mail.")
    price = serializers.SerializerMethodField(help_text="The same for every choice.")
    choices = serializers.SerializerMethodField(help_text="What is on offer on its target.")
    decided_by = serializers.CharField(source="decided_by.full_name", read_only=True, default=None, allow_null=True)

    class Meta:
        model = Gap
        fields = [
            *("number", "reference", "version", "target", "host", "translation", "row", "kind", "name", "file", "line"),
            *("value", "letter", "loss", "price", "choices", "recommended", "recommendation", "choice", "note"),
            *("decided_by", "decided_at", "reopened_because", "changed_at"),
        ]
        read_only_fields = fields

    def get_price(self, _gap: Gap) -> str:
        return PRICE

    def get_choices(self, gap: Gap) -> list[str]:
        return [choice.key for choice in choices_for(frozenset({gap.target}))]


class GapsAsked(serializers.Serializer[None]):
    target = serializers.ChoiceField(Engagement.Target.choices, required=False)
    decided = serializers.ChoiceField(["yes", "no"], required=False)


class GapList(ListAPIView[Gap]):
    serializer_class = GapSerializer

    def get_queryset(self) -> QuerySet[Gap]:
        gaps = find_gaps(self.request, find_estate(self.request, self.kwargs["code"]))
        asked = checked(GapsAsked, self.request.query_params)
        if target := asked.get("target"):
            gaps = gaps.filter(target=target)
        if decided := asked.get("decided"):
            gaps = gaps.undecided() if decided == "no" else gaps.exclude(choice="")
        return gaps

    @extend_schema(
        tags=TAGS,
        summary="Lines without an equal on the target, and what was decided about them",
        parameters=[GapsAsked],
        examples=[OpenApiExample("A gap", A_GAP, response_only=True)],
    )
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        """Of the target that was chosen; of both until then."""
        return super().get(request, *arguments, **keywords)


class GapDetail(APIView):
    @extend_schema(tags=TAGS, summary="One gap", responses=GapSerializer)
    def get(self, request: Request, code: str, number: int) -> Response:
        gap = get_object_or_404(find_gaps(request, find_estate(request, code)), number=number)
        return at_version(GapSerializer(gap).data, gap.version)


class GapsChosen(serializers.Serializer[None]):
    gaps = SeenSerializer(many=True, allow_empty=True)


class ReopeningSerializer(GapsChosen):
    is_reopening = serializers.BooleanField(
        default=False, help_text="Needed where the plan is out for signature or signed: phase 1 is opened again."
    )


class DecisionSerializer(ReopeningSerializer):
    choice = serializers.ChoiceField(Gap.Choice.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_NOTE)


class RecommendationSerializer(GapsChosen):
    choice = serializers.ChoiceField(Gap.Choice.choices)
    reason = serializers.CharField(max_length=LONGEST_NOTE, help_text="The customer reads it first.")


class ChangedGapsSerializer(serializers.Serializer[None]):
    gaps = GapSerializer(many=True)


class GapsDecide(APIView):
    @extend_schema(
        operation_id="decide_gaps",
        tags=TAGS,
        summary="Decide on several gaps at once",
        request=DecisionSerializer,
        responses=ChangedGapsSerializer,
    )
    def post(self, request: Request, code: str) -> Response:
        """All of them or none. Only the customer's people decide."""
        engagement = find_decided(request, code)
        sent = checked(DecisionSerializer, request.data)
        return _changed(decide_gaps(engagement, versions=_versions(sent), actor=reader_of(request), **sent))


class GapsWithdraw(APIView):
    @extend_schema(
        operation_id="withdraw_decisions",
        tags=TAGS,
        summary="Take decisions on gaps back",
        request=ReopeningSerializer,
        responses=ChangedGapsSerializer,
    )
    def post(self, request: Request, code: str) -> Response:
        """All of them or none."""
        engagement = find_decided(request, code)
        sent = checked(ReopeningSerializer, request.data)
        return _changed(withdraw_decisions(engagement, versions=_versions(sent), actor=reader_of(request), **sent))


class GapsRecommend(APIView):
    @extend_schema(
        operation_id="recommend_choice",
        tags=TAGS,
        summary="Recommend a choice for several gaps at once",
        request=RecommendationSerializer,
        responses=ChangedGapsSerializer,
    )
    def post(self, request: Request, code: str) -> Response:
        """All of them or none, as long as the customer has not decided."""
        engagement = find_reviewed(request, code)
        sent = checked(RecommendationSerializer, request.data)
        return _changed(recommend_choice(engagement, versions=_versions(sent), actor=reader_of(request), **sent))


def _versions(sent: dict[str, Any]) -> Mapping[int, int]:
    return {one["number"]: one["version"] for one in sent.pop("gaps")}


def _changed(gaps: list[Gap]) -> Response:
    return Response({"gaps": GapSerializer(gaps, many=True).data})
