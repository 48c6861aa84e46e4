"""Mail logs over the API: hand one over, watch it being read, read its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.asked import checked
from core.throttles import ReadThrottle, UploadThrottle
from discovery.api.files import SentFile
from discovery.api.uploads import ProgressSerializer
from discovery.domain.receive_log import receive_log
from discovery.models import LogReading
from discovery.views.found import find_estate, find_log

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

TAGS = ["discovery: volumes"]


class LogSerializer(serializers.ModelSerializer[LogReading]):
    uploaded_by = serializers.CharField(source="uploaded_by.full_name", read_only=True)
    progress = ProgressSerializer(source="job", read_only=True, allow_null=True)

    class Meta:
        model = LogReading
        fields = [
            "number",
            "host_label",
            "zone",
            "filename",
            "sha256",
            "byte_count",
            "uploaded_by",
            "uploaded_at",
            "state",
            "refusal",
            "read_at",
            "covered_from",
            "covered_to",
            "line_count",
            "understood_count",
            "strange_count",
            "progress",
        ]
        read_only_fields = fields


class LogFiguresSerializer(LogSerializer):
    figures = serializers.JSONField(read_only=True)

    class Meta(LogSerializer.Meta):
        fields = [*LogSerializer.Meta.fields, "figures"]
        read_only_fields = fields


class NewLog(serializers.Serializer[None]):
    host_label = serializers.CharField(max_length=80, help_text="The host that wrote the log.")
    zone = serializers.CharField(max_length=40, help_text="The time zone of its stamps, for example Europe/Paris.")
    log = SentFile(help_text="Postfix's mail log: plain, .gz, .xz or .zst.")


class LogList(ListAPIView[LogReading]):
    serializer_class = LogSerializer
    parser_classes = [MultiPartParser]
    throttle_classes = [ReadThrottle, UploadThrottle]

    def get_queryset(self) -> QuerySet[LogReading]:
        engagement = find_estate(self.request, self.kwargs["code"])
        visible = LogReading.objects.visible_to(reader_of(self.request)).filter(engagement=engagement)
        return visible.select_related("uploaded_by", "job").defer("figures")

    @extend_schema(tags=TAGS, summary="Mail logs, latest first")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(
        tags=TAGS,
        summary="Upload a mail log",
        request={"multipart/form-data": NewLog},
        responses={201: LogSerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        """It is read by a job; `progress` says how far it is."""
        engagement = find_estate(request, code)
        require(reader_of(request), Permission.UPLOAD, engagement.organization)
        sent = checked(NewLog, request.data)
        log = receive_log(
            engagement,
            filename=sent["log"].name,
            content_file=sent["log"].file,
            host_label=sent["host_label"],
            zone=sent["zone"],
            actor=reader_of(request),
        )
        return Response(LogSerializer(log).data, status=201)


class LogDetail(APIView):
    @extend_schema(tags=TAGS, summary="One mail log and its figures", responses=LogFiguresSerializer)
    def get(self, request: Request, code: str, number: int) -> Response:
        return Response(LogFiguresSerializer(find_log(request, find_estate(request, code), number)).data)
