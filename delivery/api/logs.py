"""Logs and runs over the API: hand a log over, withdraw it, hold them against each other, set the journal's key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from accounts.permissions import EITHER_SIDE, Permission, require, require_any
from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import checked
from core.scopes import Scope
from core.throttles import ReadThrottle, UploadThrottle
from delivery.domain.keep_key import remove_journal_key, set_journal_key
from delivery.domain.receive_traffic_log import receive_traffic_log, withdraw_traffic_log
from delivery.domain.reconcile_traffic import request_run
from delivery.found import find_run, find_traffic_log
from delivery.models import JournalKey, ReconciliationRun, TrafficLog
from discovery.api.files import SentFile
from discovery.api.uploads import ProgressSerializer
from discovery.found import find_estate
from discovery.log_limit import LARGE_LOGS

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

TAGS = ["delivery: parallel delivery"]


class TrafficLogSerializer(serializers.ModelSerializer[TrafficLog]):
    uploaded_by = serializers.CharField(source="uploaded_by.full_name", read_only=True)

    class Meta:
        model = TrafficLog
        fields = ["number", "kind", "filename", "sha256", "byte_count", "uploaded_at", "uploaded_by", "withdrawn_at"]
        read_only_fields = fields


class NewTrafficLog(serializers.Serializer[None]):
    kind = serializers.ChoiceField(TrafficLog.Kind.choices)
    log = SentFile(large=LARGE_LOGS, help_text="As it lies there: plain, .gz, .xz, .bz2 or .zst.")


class ReconciliationRunSerializer(serializers.ModelSerializer[ReconciliationRun]):
    asked_by = serializers.CharField(source="asked_by.full_name", read_only=True)
    discrepancies = serializers.IntegerField(read_only=True)

    class Meta:
        model = ReconciliationRun
        fields = ["number", "discrepancies", "covered", "covered_from", "covered_to", "asked_at", "asked_by", "done_at"]
        read_only_fields = fields


class ReconciliationReportSerializer(ReconciliationRunSerializer):
    class Meta(ReconciliationRunSerializer.Meta):
        fields = [*ReconciliationRunSerializer.Meta.fields, "report", "lines"]
        read_only_fields = fields


class NewJournalKey(serializers.Serializer[None]):
    key = serializers.CharField(
        max_length=2000, write_only=True, help_text="What stands in the file that recipients_key of the proxy names."
    )


class JournalKeySerializer(serializers.ModelSerializer[JournalKey]):
    set_by = serializers.CharField(source="set_by.full_name", read_only=True, default=None, allow_null=True)

    class Meta:
        model = JournalKey
        fields = ["set_at", "set_by", "needed_at"]
        read_only_fields = fields


class TrafficLogs(ListAPIView[TrafficLog]):
    act_scope = Scope.UPLOAD
    serializer_class = TrafficLogSerializer
    parser_classes = [MultiPartParser]
    throttle_classes = [ReadThrottle, UploadThrottle]

    def get_queryset(self) -> QuerySet[TrafficLog]:
        engagement = find_estate(self.request, self.kwargs["code"])
        visible = TrafficLog.objects.visible_to(reader_of(self.request)).filter(engagement=engagement)
        return visible.select_related("uploaded_by")

    @extend_schema(tags=TAGS, summary="Logs of all sides, latest first")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(
        tags=TAGS,
        summary="Hand over a log",
        request={"multipart/form-data": NewTrafficLog},
        responses={201: TrafficLogSerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        """What is answered with 201 is stored, sealed, until it is withdrawn. 422 for a file that is kept already."""
        engagement = find_estate(request, code)
        require(reader_of(request), Permission.UPLOAD, engagement.organization)
        sent = checked(NewTrafficLog, request.data)
        file = {"filename": sent["log"].name, "content_file": sent["log"].file}
        log = receive_traffic_log(engagement, kind=sent["kind"], actor=reader_of(request), **file)
        return Response(TrafficLogSerializer(log).data, status=201)


class TrafficLogWithdraw(APIView):
    @extend_schema(tags=TAGS, summary="Withdraw a log", request=None, responses=TrafficLogSerializer)
    def post(self, request: Request, code: str, number: int) -> Response:
        """Its bytes go; what runs found in it stays. 409 the second time."""
        log = find_traffic_log(request, find_estate(request, code), number)
        return Response(TrafficLogSerializer(withdraw_traffic_log(log, actor=reader_of(request))).data)


class Runs(ListAPIView[ReconciliationRun]):
    serializer_class = ReconciliationRunSerializer

    def get_queryset(self) -> QuerySet[ReconciliationRun]:
        engagement = find_estate(self.request, self.kwargs["code"])
        visible = ReconciliationRun.objects.visible_to(reader_of(self.request)).filter(engagement=engagement)
        return visible.select_related("asked_by").defer("lines")

    @extend_schema(tags=TAGS, summary="Runs that held the logs against each other, latest first")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(tags=TAGS, summary="Start a run", request=None, responses={201: ProgressSerializer})
    def post(self, request: Request, code: str) -> Response:
        """Asked again while one waits or runs, the same one is answered. Its run stands in the list when it is done."""
        job = request_run(find_estate(request, code), actor=reader_of(request))
        return Response(ProgressSerializer(job).data, status=201)


class RunDetail(APIView):
    @extend_schema(
        tags=TAGS, summary="One run with its counts, balance and lines", responses=ReconciliationReportSerializer
    )
    def get(self, request: Request, code: str, number: int) -> Response:
        return Response(ReconciliationReportSerializer(find_run(request, find_estate(request, code), number)).data)


class Key(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Set the key of the journal",
        request=NewJournalKey,
        responses={201: JournalKeySerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        """It lies sealed and is never told again. The next run uses it."""
        engagement = find_estate(request, code)
        require_any(reader_of(request), EITHER_SIDE, engagement.organization)
        kept = set_journal_key(engagement, actor=reader_of(request), **checked(NewJournalKey, request.data))
        return Response(JournalKeySerializer(kept).data, status=201)


class KeyRemove(APIView):
    @extend_schema(tags=TAGS, summary="Remove the key of the journal", request=None, responses=JournalKeySerializer)
    def post(self, request: Request, code: str) -> Response:
        """409 where there is none."""
        kept = remove_journal_key(find_estate(request, code), actor=reader_of(request))
        return Response(JournalKeySerializer(kept).data)
