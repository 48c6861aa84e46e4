"""The vendor selection over the API: the sum, the answers, disputes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from accounts.permissions import require_any
from accounts.reader import reader_of
from core.api import APIView
from core.asked import at_version, checked, version_seen
from discovery.api.finding_shapes import VersionOrNoneSerializer
from discovery.domain.answer_selection import (
    LONGEST_NOTE,
    VOICES,
    SelectionText,
    answer_selection,
    dispute_selection,
)
from discovery.selection.score import Outcome
from discovery.selection.sensitivity import Certainty, Confidence
from discovery.selection_page import selection_of
from discovery.statistics import portfolio_statistics
from engagements.found import find_engagement

if TYPE_CHECKING:
    from rest_framework.request import Request

    from discovery.selection_page import SelectionRow
    from engagements.models import Engagement

TAGS = ["discovery: selection"]


class ChoiceSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    text = serializers.CharField(source="label")
    points = serializers.IntegerField()
    decides = serializers.CharField(allow_null=True)


class SelectionAnswerSerializer(serializers.Serializer[Any]):
    """`version` is 0 before anybody answered. What each answer counts stands beside `choices`."""

    variable = serializers.CharField(source="step.variable.key")
    title = serializers.CharField(source="step.variable.label")
    ask = serializers.CharField(source="step.variable.ask")
    choices = ChoiceSerializer(source="step.variable.answers", many=True)
    choice = serializers.CharField(source="step.choice.key", default=None, allow_null=True)
    certainty = serializers.ChoiceField(list(Certainty), source="answer.certainty", default=None, allow_null=True)
    note = serializers.CharField(source="answer.note", default="")
    version = serializers.IntegerField(source="answer.version", default=0)
    answered_by = serializers.CharField(source="answer.answered_by.full_name", default=None, allow_null=True)
    answered_at = serializers.DateTimeField(source="answer.answered_at", default=None, allow_null=True)
    dispute = serializers.CharField(source="answer.dispute", default="")


class OtherAnswerSerializer(serializers.Serializer[Any]):
    variable = serializers.CharField(source="variable.key")
    instead = serializers.CharField(source="instead.key")


class FlipSerializer(serializers.Serializer[Any]):
    changes = OtherAnswerSerializer(many=True)
    outcome = serializers.ChoiceField(list(Outcome))
    total = serializers.IntegerField()


class StatisticSerializer(serializers.Serializer[Any]):
    """What was advised before, over all engagements; no input of the sum."""

    key = serializers.CharField()
    title = serializers.CharField(source="label")
    count = serializers.IntegerField()
    of = serializers.IntegerField()
    definition = serializers.CharField()


class SelectionSerializer(serializers.Serializer[Any]):
    """`total` is towards PowerMTA when positive; null as long as an answer is missing."""

    method = serializers.CharField(source="score.method.version")
    outcome = serializers.ChoiceField(list(Outcome), source="score.outcome")
    total = serializers.SerializerMethodField(allow_null=True)
    margin = serializers.IntegerField(source="score.method.margin")
    decided_by = serializers.CharField(source="score.decided_by.variable.key", default=None, allow_null=True)
    missing = serializers.SerializerMethodField()
    confidence = serializers.ChoiceField(list(Confidence))
    answers = SelectionAnswerSerializer(source="rows", many=True)
    flips = FlipSerializer(source="sensitivity.singles", many=True)
    pairs = FlipSerializer(source="sensitivity.pairs", many=True)

    statistics = serializers.SerializerMethodField()

    @extend_schema_field(StatisticSerializer(many=True))
    def get_statistics(self, _found: Any) -> Any:
        return StatisticSerializer(portfolio_statistics(), many=True).data

    def get_total(self, found: Any) -> int | None:
        return found.score.total if found.score.is_complete else None

    def get_missing(self, found: Any) -> list[str]:
        return [variable.key for variable in found.score.missing]


class AnswerTextSerializer(VersionOrNoneSerializer):
    choice = serializers.CharField(max_length=20)
    certainty = serializers.ChoiceField(list(Certainty), default=Certainty.STATED)
    note = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_NOTE)


class DisputeTextSerializer(VersionOrNoneSerializer):
    dispute = serializers.CharField(max_length=LONGEST_NOTE)


class SelectionDetail(APIView):
    @extend_schema(tags=TAGS, summary="Which MTA, and why", responses=SelectionSerializer)
    def get(self, request: Request, code: str) -> Response:
        found = selection_of(find_engagement(request, code), reader_of(request))
        return Response(SelectionSerializer(found).data)


class SelectionAnswerDetail(APIView):
    @extend_schema(
        operation_id="read_selection_answer",
        tags=TAGS,
        summary="One answer of the selection",
        responses=SelectionAnswerSerializer,
    )
    def get(self, request: Request, code: str, variable: str) -> Response:
        return _shown(_find_row(request, find_engagement(request, code), variable))

    @extend_schema(
        operation_id="answer_selection",
        tags=TAGS,
        summary="Answer one variable of the selection",
        request=AnswerTextSerializer,
        responses={200: SelectionAnswerSerializer},
    )
    def post(self, request: Request, code: str, variable: str) -> Response:
        engagement = find_engagement(request, code)
        _find_row(request, engagement, variable)
        require_any(reader_of(request), VOICES, engagement.organization)
        sent = checked(AnswerTextSerializer, request.data)
        text = SelectionText(**{**sent, "version": version_seen(request, sent)})
        answer_selection(engagement, variable=variable, text=text, actor=reader_of(request))
        return _shown(_find_row(request, engagement, variable))


class SelectionDispute(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Dispute an answer of the selection",
        request=DisputeTextSerializer,
        responses=SelectionAnswerSerializer,
    )
    def post(self, request: Request, code: str, variable: str) -> Response:
        engagement = find_engagement(request, code)
        _find_row(request, engagement, variable)
        sent = checked(DisputeTextSerializer, request.data)
        dispute_selection(
            engagement,
            variable=variable,
            dispute=sent["dispute"],
            version=version_seen(request, sent),
            actor=reader_of(request),
        )
        return _shown(_find_row(request, engagement, variable))


def _find_row(request: Request, engagement: Engagement, variable: str) -> SelectionRow:
    found = selection_of(engagement, reader_of(request)).row(variable)
    if found is None:
        raise NotFound
    return found


def _shown(row: SelectionRow) -> Response:
    return at_version(SelectionAnswerSerializer(row).data, row.answer.version if row.answer else 0)
