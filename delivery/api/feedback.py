"""Bounces and complaints over the API: hand files and records over, read the queue, keep the suppression list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import checked
from core.errors import DomainError
from core.scopes import Scope
from core.throttles import ReadThrottle, UploadThrottle
from delivery.domain.receive_feedback import receive_feedback
from delivery.domain.suppress_address import (
    import_suppressions,
    lift_suppression,
    require_keeper,
    suppress_address,
)
from delivery.domain.take_feedback import take_feedback
from delivery.feedback.limits import Unreadable
from delivery.feedback.lists import LONGEST_REASON
from delivery.feedback.records import read_record
from delivery.feedback_export import exported
from delivery.feedback_queue import QueueFilter, items_of, scope_in, standing_of
from delivery.models import FeedbackFile, FeedbackItem, Suppression
from delivery.suppression_list import list_form, written
from discovery.api.files import SentFile
from discovery.api.uploads import ProgressSerializer
from discovery.found import find_estate
from discovery.log_limit import LARGE_LOGS

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse, StreamingHttpResponse
    from rest_framework.request import Request

TAGS = ["delivery: bounces and complaints"]
MOST_RECORDS = 1000
ASKED = [OpenApiParameter(name, OpenApiTypes.STR) for name in ("category", "provider", "source", "kind", "day", "text")]


class FeedbackItemSerializer(serializers.ModelSerializer[FeedbackItem]):
    class Meta:
        model = FeedbackItem
        fields = [
            "id", "kind", "source", "recipient", "original_recipient", "sender", "message_id", "trace", "queue_id",
            "mta", "remote_mta", "status", "reply", "diagnostic", "mta_category", "feedback_type", "list_id",
            "happened_at", "day", "provider", "category", "action", "rule", "taken_at",
        ]  # fmt: skip
        read_only_fields = fields


class FeedbackFileSerializer(serializers.ModelSerializer[FeedbackFile]):
    progress = ProgressSerializer(source="job", read_only=True, allow_null=True)

    class Meta:
        model = FeedbackFile
        fields = [
            "number", "filename", "sha256", "byte_count", "uploaded_at", "state", "refusal", "read_at", "form",
            "new_count", "known_count", "passed_count", "strange_count", "strange", "progress",
        ]  # fmt: skip
        read_only_fields = fields


class NewFeedbackFile(serializers.Serializer[None]):
    feedback = SentFile(large=LARGE_LOGS, help_text="A message, an mbox, a tar of a maildir, accounting or log.")


class FeedbackRecords(serializers.Serializer[None]):
    records = serializers.ListField(
        child=serializers.JSONField(), max_length=MOST_RECORDS, help_text="Records of KumoMTA as its log hook has them."
    )


class FeedbackTakenSerializer(serializers.Serializer[Any]):
    new = serializers.IntegerField()
    known = serializers.IntegerField(help_text="Told before; stored once.")
    suppressed = serializers.IntegerField(help_text="Addresses that were put on the suppression list.")


class SuppressionSerializer(serializers.ModelSerializer[Suppression]):
    made_by = serializers.CharField(source="made_by.full_name", read_only=True)

    class Meta:
        model = Suppression
        fields = ["address", "scope", "source", "reason", "is_lifted", "made_at", "made_by"]
        read_only_fields = fields


class NewSuppression(serializers.Serializer[None]):
    address = serializers.CharField(max_length=320)
    reason = serializers.CharField(max_length=LONGEST_REASON)
    scope = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)


class SuppressionImport(serializers.Serializer[None]):
    suppressions = SentFile(help_text="An address a line, CSV with a column “address”, or JSON.")
    reason = serializers.CharField(max_length=LONGEST_REASON)


class ImportedSerializer(serializers.Serializer[Any]):
    new = serializers.IntegerField()
    known = serializers.IntegerField()
    strange = serializers.IntegerField(help_text="Lines that hold no address.")


class Feedback(ListAPIView[FeedbackItem]):
    act_scope = Scope.REPORT
    serializer_class = FeedbackItemSerializer

    def get_queryset(self) -> QuerySet[FeedbackItem]:
        engagement = find_estate(self.request, self.kwargs["code"])
        return QueueFilter.read(self.request.query_params).apply(items_of(engagement, reader_of(self.request)))

    @extend_schema(tags=TAGS, summary="Bounces and complaints, latest first", parameters=ASKED)
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(
        tags=TAGS, summary="Hand records over", request=FeedbackRecords, responses={201: FeedbackTakenSerializer}
    )
    def post(self, request: Request, code: str) -> Response:
        """What is answered with 201 is stored. Of a list with a record that is none, nothing is stored."""
        engagement = find_estate(request, code)
        require(reader_of(request), Permission.UPLOAD, engagement.organization)
        sent = checked(FeedbackRecords, request.data)
        try:
            items = [item for record in sent["records"] for item in read_record(record)]
        except Unreadable as refused:
            raise DomainError(f"{refused} Nothing was stored.") from refused
        return Response(
            FeedbackTakenSerializer(take_feedback(engagement, items, actor=reader_of(request))).data, status=201
        )


class FeedbackFiles(ListAPIView[FeedbackFile]):
    act_scope = Scope.UPLOAD
    serializer_class = FeedbackFileSerializer
    parser_classes = [MultiPartParser]
    throttle_classes = [ReadThrottle, UploadThrottle]

    def get_queryset(self) -> QuerySet[FeedbackFile]:
        engagement = find_estate(self.request, self.kwargs["code"])
        return (
            FeedbackFile.objects.visible_to(reader_of(self.request)).filter(engagement=engagement).select_related("job")
        )

    @extend_schema(tags=TAGS, summary="Files that were handed over, latest first")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(
        tags=TAGS,
        summary="Hand over a mailbox or a log",
        request={"multipart/form-data": NewFeedbackFile},
        responses={201: FeedbackFileSerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        """What is answered with 201 is stored, encrypted, and read by a job; `progress` says how far it is."""
        engagement = find_estate(request, code)
        require(reader_of(request), Permission.UPLOAD, engagement.organization)
        sent = checked(NewFeedbackFile, request.data)["feedback"]
        file = receive_feedback(engagement, filename=sent.name, content_file=sent.file, actor=reader_of(request))
        return Response(FeedbackFileSerializer(file).data, status=201)


class FeedbackExport(APIView):
    @extend_schema(
        tags=TAGS,
        summary="The queue for a program, oldest first",
        parameters=[
            *ASKED,
            OpenApiParameter("after", OpenApiTypes.INT, description="The last id that is known already."),
            OpenApiParameter("columns", OpenApiTypes.STR, description="email=recipient, code=status, day"),
            OpenApiParameter("table", OpenApiTypes.STR, description="Of SQL: bounces, or schema.bounces."),
        ],
        responses={(200, "text/csv", "application/x-ndjson", "application/sql"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, code: str, reader: str) -> StreamingHttpResponse:
        """`reader` is csv, jsonl, postgresql or mysql. Asked with an earlier `after`, the same rows come again."""
        items = items_of(find_estate(request, code), reader_of(request))
        return exported(items, reader, request.query_params.dict())


class Suppressions(ListAPIView[Suppression]):
    serializer_class = SuppressionSerializer

    def get_queryset(self) -> QuerySet[Suppression]:
        engagement = find_estate(self.request, self.kwargs["code"])
        return standing_of(engagement, reader_of(self.request)).select_related("made_by")

    @extend_schema(tags=TAGS, summary="Addresses that are not written to")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(
        tags=TAGS, summary="Put an address on the list", request=NewSuppression, responses={201: SuppressionSerializer}
    )
    def post(self, request: Request, code: str) -> Response:
        """409 where it stands there already."""
        engagement = find_estate(request, code)
        require_keeper(engagement, reader_of(request))
        row = suppress_address(engagement, actor=reader_of(request), **checked(NewSuppression, request.data))
        return Response(SuppressionSerializer(row).data, status=201)


class SuppressionLift(APIView):
    @extend_schema(
        tags=TAGS, summary="Take an address off", request=NewSuppression, responses={201: SuppressionSerializer}
    )
    def post(self, request: Request, code: str) -> Response:
        """The rows before stay; a new permanent failure puts the address back. 409 where it is not on the list."""
        engagement = find_estate(request, code)
        require_keeper(engagement, reader_of(request))
        row = lift_suppression(engagement, actor=reader_of(request), **checked(NewSuppression, request.data))
        return Response(SuppressionSerializer(row).data, status=201)


class SuppressionFiles(APIView):
    parser_classes = [MultiPartParser]
    throttle_classes = [ReadThrottle, UploadThrottle]

    @extend_schema(
        tags=TAGS,
        summary="Import a list",
        request={"multipart/form-data": SuppressionImport},
        responses={201: ImportedSerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        engagement = find_estate(request, code)
        require_keeper(engagement, reader_of(request))
        sent = checked(SuppressionImport, request.data)
        counts = import_suppressions(
            engagement, content_file=sent["suppressions"].file, reason=sent["reason"], actor=reader_of(request)
        )
        return Response(counts, status=201)


class SuppressionExport(APIView):
    @extend_schema(
        tags=TAGS,
        summary="The list for a server or a spreadsheet",
        parameters=[OpenApiParameter("scope", OpenApiTypes.STR, description="Of one stream or list.")],
        responses={(200, "text/csv", "text/plain", "application/json"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, code: str, reader: str) -> HttpResponse:
        """`reader` is csv, powermta (an address a line) or kumomta (JSON).

        Without `scope`, powermta and kumomta leave out what was given up for one stream or list only. Opt-outs whose
        complaint names its list (List-Id) are such: ask for each list with its `scope`.
        """
        engagement = find_estate(request, code)
        scope = scope_in(request.query_params)
        return written(standing_of(engagement, reader_of(request)), list_form(reader), scope)
