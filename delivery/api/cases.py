"""Cases over the API: what the logs do not account for, who has it, and how it is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from accounts.permissions import EITHER_SIDE, Permission, require, require_any
from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import at_version, checked, version_seen
from delivery.domain.person_words import MOST_LETTERS
from delivery.domain.settle_case import close_case, reopen_case, take_case
from delivery.found import find_case
from delivery.models import CaseItem, DiscrepancyCase
from discovery.api.finding_shapes import VersionSerializer
from discovery.found import find_estate

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.response import Response

TAGS = ["delivery: parallel delivery"]


class CaseSerializer(serializers.ModelSerializer[DiscrepancyCase]):
    owner = serializers.CharField(source="owner.full_name", read_only=True, default=None, allow_null=True)
    count = serializers.IntegerField(read_only=True, help_text="Messages, those that are not listed included.")

    class Meta:
        model = DiscrepancyCase
        fields = [
            "number", "title", "state", "cause", "path", "count", "unlisted_count", "owner", "opened_at", "version",
            "verdict", "reason", "evidence", "closed_at",
        ]  # fmt: skip
        read_only_fields = fields


class CaseItemSerializer(serializers.ModelSerializer[CaseItem]):
    class Meta:
        model = CaseItem
        fields = ["message_id", "recipient", "trace", "accepted_at", "ended_at", "became", "file"]
        read_only_fields = fields


class CaseClosing(VersionSerializer):
    verdict = serializers.ChoiceField(DiscrepancyCase.Verdict.choices)
    reason = serializers.CharField(max_length=MOST_LETTERS)
    evidence = serializers.CharField(max_length=MOST_LETTERS)


class CaseReason(serializers.Serializer[None]):
    reason = serializers.CharField(max_length=MOST_LETTERS, help_text="Why it is open again.")


class Cases(ListAPIView[DiscrepancyCase]):
    serializer_class = CaseSerializer

    def get_queryset(self) -> QuerySet[DiscrepancyCase]:
        engagement = find_estate(self.request, self.kwargs["code"])
        visible = DiscrepancyCase.objects.visible_to(reader_of(self.request)).filter(engagement=engagement)
        return visible.select_related("owner")

    @extend_schema(tags=TAGS, summary="What the logs do not account for, latest first")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)


class CaseDetail(APIView):
    @extend_schema(tags=TAGS, summary="One case, with the ETag that closing it names", responses=CaseSerializer)
    def get(self, request: Request, code: str, number: int) -> Response:
        case = find_case(request, find_estate(request, code), number)
        return at_version(CaseSerializer(case).data, case.version)

    @extend_schema(tags=TAGS, summary="Close a case", request=CaseClosing, responses=CaseSerializer)
    def post(self, request: Request, code: str, number: int) -> Response:
        """Names the version that was read: one that has grown since is not closed."""
        case = find_case(request, find_estate(request, code), number)
        require(reader_of(request), Permission.WORK_TASK, case.engagement.organization)
        sent = checked(CaseClosing, request.data)
        version = version_seen(request, sent)
        sent.pop("version", None)
        closed = close_case(case, version=version, actor=reader_of(request), **sent)
        return at_version(CaseSerializer(closed).data, closed.version)


class CaseItems(ListAPIView[CaseItem]):
    serializer_class = CaseItemSerializer

    def get_queryset(self) -> QuerySet[CaseItem]:
        case = find_case(self.request, find_estate(self.request, self.kwargs["code"]), self.kwargs["number"])
        return CaseItem.objects.visible_to(reader_of(self.request)).filter(case=case)

    @extend_schema(tags=TAGS, summary="The messages that a case lists")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)


class CaseTake(APIView):
    @extend_schema(tags=TAGS, summary="Take a case", request=None, responses=CaseSerializer)
    def post(self, request: Request, code: str, number: int) -> Response:
        case = take_case(find_case(request, find_estate(request, code), number), actor=reader_of(request))
        return at_version(CaseSerializer(case).data, case.version)


class CaseReopen(APIView):
    @extend_schema(tags=TAGS, summary="Open a case again", request=CaseReason, responses=CaseSerializer)
    def post(self, request: Request, code: str, number: int) -> Response:
        """What it was closed with stays in the record."""
        case = find_case(request, find_estate(request, code), number)
        require_any(reader_of(request), EITHER_SIDE, case.engagement.organization)
        reopened = reopen_case(case, actor=reader_of(request), **checked(CaseReason, request.data))
        return at_version(CaseSerializer(reopened).data, reopened.version)
