"""Mail logs over the API: hand one over, watch it being read, read its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import checked
from core.scopes import Scope
from core.throttles import ReadThrottle, UploadThrottle
from discovery.api.files import SentFile
from discovery.api.uploads import ProgressSerializer
from discovery.domain.receive_log import receive_log
from discovery.found import find_estate, find_log
from discovery.log_limit import LARGE_LOGS
from discovery.measured import Volume, hours_in, measured_volume
from discovery.models import LogReading
from discovery.stated import StatedVolume, stated_volume

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


class VolumeSerializer(serializers.Serializer[Volume]):
    name = serializers.CharField(help_text="2026-11, 2026-11-02, 2026-11-02 09:00, 09:00 or a provider.")
    delivered = serializers.IntegerField(help_text="Recipients outside.")
    bounced = serializers.IntegerField(help_text="Recipients outside that were refused for good.")
    deferred = serializers.IntegerField(help_text="Attempts that were put off; a recipient may have several.")


class StatedSerializer(serializers.Serializer[StatedVolume]):
    month = serializers.IntegerField(allow_null=True)
    peak_day = serializers.IntegerField(allow_null=True)


class MeasuredSerializer(serializers.Serializer[Any]):
    stated = StatedSerializer(help_text="Messages, as said at intake; null is what nobody said.")
    months = VolumeSerializer(many=True)
    days = VolumeSerializer(many=True)
    hours_of_the_day = VolumeSerializer(many=True, help_text="24 rows, all days added up; none where nothing is known.")
    providers = VolumeSerializer(many=True, help_text="Largest first.")
    peak_month = VolumeSerializer(allow_null=True)
    peak_day = VolumeSerializer(allow_null=True)
    peak_hour = VolumeSerializer(allow_null=True)
    remarks = serializers.ListField(child=serializers.CharField(), help_text="Logs that cover the same hours.")


class NewLog(serializers.Serializer[None]):
    host_label = serializers.CharField(max_length=80, help_text="The host that wrote the log.")
    zone = serializers.CharField(max_length=40, help_text="The time zone of its stamps, for example Europe/Paris.")
    log = SentFile(large=LARGE_LOGS, help_text="Postfix's mail log: plain, .gz, .xz or .zst.")
    is_reopening = serializers.BooleanField(
        default=False,
        help_text="Confirms that phase 1 may be opened again: asked where the plan is out for signature or signed.",
    )


class LogList(ListAPIView[LogReading]):
    act_scope = Scope.UPLOAD
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
        """It is read by a job; `progress` says how far it is. 422 where `is_reopening` has to confirm it first."""
        engagement = find_estate(request, code)
        require(reader_of(request), Permission.UPLOAD, engagement.organization)
        sent = checked(NewLog, request.data)
        log = receive_log(
            engagement,
            filename=sent["log"].name,
            content_file=sent["log"].file,
            host_label=sent["host_label"],
            zone=sent["zone"],
            is_reopening=sent["is_reopening"],
            actor=reader_of(request),
        )
        return Response(LogSerializer(log).data, status=201)


class LogDetail(APIView):
    @extend_schema(tags=TAGS, summary="One mail log and its figures", responses=LogFiguresSerializer)
    def get(self, request: Request, code: str, number: int) -> Response:
        return Response(LogFiguresSerializer(find_log(request, find_estate(request, code), number)).data)


class MeasuredVolume(APIView):
    @extend_schema(tags=TAGS, summary="What all mail logs measure, added up", responses=MeasuredSerializer)
    def get(self, request: Request, code: str) -> Response:
        """Hosts and logs that follow each other are added; a day that two logs of a host hold counts once."""
        engagement, reader = find_estate(request, code), reader_of(request)
        measured = measured_volume(engagement, reader)
        hours = hours_in(measured)
        found = {
            "stated": stated_volume(engagement),
            "months": measured.months,
            "days": measured.days,
            "hours_of_the_day": hours.clock,
            "providers": measured.providers,
            "peak_month": measured.peak_month,
            "peak_day": measured.peak_day,
            "peak_hour": hours.peak,
            "remarks": measured.overlapping,
        }
        return Response(MeasuredSerializer(found).data)
