"""The handoff pack over the API: how it stands, have it made, take it away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.api import APIView
from core.asked import checked
from core.languages import LANGUAGES
from discovery.api.uploads import ProgressSerializer
from discovery.found import find_estate
from engagements.models import FrozenDocument
from reports.domain.issue_close_report import request_close_report
from reports.domain.request_handoff import request_handoff
from reports.handoff_found import ZIP, close_reports, find_pack, take_pack, tasks_of
from reports.models import HandoffPack

if TYPE_CHECKING:
    from django.http import HttpResponse
    from rest_framework.request import Request

TAGS = ["reports: handoff"]


class HandoffPackSerializer(serializers.ModelSerializer[HandoffPack]):
    made_by = serializers.CharField(source="made_by.full_name", read_only=True)
    events_since = serializers.IntegerField(help_text="Events of the ledger that came after it was made.")

    class Meta:
        model = HandoffPack
        fields = ["digest", "byte_count", "file_count", "made_at", "made_by", "events_since"]
        read_only_fields = fields


class RecurringTaskSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    subject = serializers.CharField()
    due_on = serializers.DateField(allow_null=True, help_text="Null where no record tells a day.")
    basis = serializers.CharField(help_text="Where the day comes from, or why there is none.")


class HandoffSerializer(serializers.Serializer[Any]):
    pack = HandoffPackSerializer(allow_null=True)
    recurring = RecurringTaskSerializer(many=True)


class Handoff(APIView):
    @extend_schema(tags=TAGS, summary="The handoff pack and what comes around again", responses=HandoffSerializer)
    def get(self, request: Request, code: str) -> Response:
        engagement = find_estate(request, code)
        told = {"pack": find_pack(request, engagement), "recurring": tasks_of(engagement)}
        return Response(HandoffSerializer(told).data)

    @extend_schema(tags=TAGS, summary="Have the pack made", request=None, responses={201: ProgressSerializer})
    def post(self, request: Request, code: str) -> Response:
        """By a worker; while it is made, asking again answers with the same job."""
        job = request_handoff(find_estate(request, code), actor=reader_of(request))
        return Response(ProgressSerializer(job).data, status=201)


class CloseReportSerializer(serializers.ModelSerializer[FrozenDocument]):
    class Meta:
        model = FrozenDocument
        fields = ["reference", "version", "language", "digest", "page_count", "frozen_at"]
        read_only_fields = fields


class CloseReportAskSerializer(serializers.Serializer[None]):
    language = serializers.ChoiceField(list(LANGUAGES))


class CloseReport(APIView):
    @extend_schema(
        tags=TAGS, summary="The close reports: the newest in each language", responses=CloseReportSerializer(many=True)
    )
    def get(self, request: Request, code: str) -> Response:
        """Their files are among the documents of the engagement."""
        reports = close_reports(request, find_estate(request, code))
        return Response(CloseReportSerializer(reports.newest, many=True).data)

    @extend_schema(
        tags=TAGS,
        summary="Have the close report made",
        request=CloseReportAskSerializer,
        responses={201: ProgressSerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        """By a worker, from phase 5 on. 409 when the newest one says what the records say."""
        engagement = find_estate(request, code)
        require(reader_of(request), Permission.FREEZE, engagement.organization)
        language = checked(CloseReportAskSerializer, request.data)["language"]
        job = request_close_report(engagement, language=language, actor=reader_of(request))
        return Response(ProgressSerializer(job).data, status=201)


class HandoffTake(APIView):
    @extend_schema(tags=TAGS, summary="Take the pack away", request=None, responses={(200, ZIP): OpenApiTypes.BINARY})
    def post(self, request: Request, code: str) -> HttpResponse:
        """Taking it is entered in the ledger of the portal. 404 before one was made."""
        return take_pack(request, code)
