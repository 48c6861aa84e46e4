"""What is kept about a customer or a person over the API. Erasing needs a fresh proof, so it is the browser's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.models import Organization
from accounts.permissions import Permission, allowed, require
from accounts.reader import reader_of
from core.api import APIView
from core.asked import checked
from engagements.domain.ask_export import ask_customer_export, ask_own_export
from engagements.domain.set_hold import lift_hold, set_hold
from engagements.export_download import export_download
from engagements.found import find_customer, find_hold
from engagements.models import DataExport, Engagement, LegalHold, RetentionRound
from engagements.obstacles import obstacles_to
from engagements.record_rows import round_rows, rows_of

if TYPE_CHECKING:
    from django.http import StreamingHttpResponse
    from rest_framework.request import Request

TAGS = ["records"]
PACK = {(200, "application/zip"): OpenApiTypes.BINARY}


class RecordRowSerializer(serializers.Serializer[None]):
    key = serializers.CharField(source="kind.key")
    title = serializers.CharField(source="kind.title")
    holds = serializers.CharField(source="kind.holds")
    rows = serializers.IntegerField(source="count")
    kept_for = serializers.CharField()
    reason = serializers.CharField(source="kind.retention.reason")
    ground = serializers.CharField(source="kind.retention.source", help_text="The law or rule the reason stands on.")
    erasing = serializers.CharField(source="kind.erasing")
    why = serializers.CharField(source="kind.why", help_text="Why it stays; empty where it is removed.")


class HoldSerializer(serializers.ModelSerializer[LegalHold]):
    scope = serializers.CharField()
    set_by = serializers.CharField(source="set_by.full_name")

    class Meta:
        model = LegalHold
        fields = ["id", "scope", "reason", "set_by", "set_at", "lifted_at", "lifted_because"]
        read_only_fields = fields


class ExportSerializer(serializers.ModelSerializer[DataExport]):
    class Meta:
        model = DataExport
        fields = ["id", "asked_at", "done_at", "expires_at", "row_count", "byte_count", "sha256"]
        read_only_fields = fields


class KeptSerializer(serializers.Serializer[dict[str, Any]]):
    rows = RecordRowSerializer(many=True)
    holds = HoldSerializer(many=True, allow_null=True, help_text="Null for whoever may not erase.")
    exports = ExportSerializer(many=True, help_text="Those you asked for.")
    obstacles = serializers.ListField(
        child=serializers.CharField(),
        allow_null=True,
        help_text="Why nothing can be erased now; empty when it can, null for whoever may not erase.",
    )


class HoldSetSerializer(serializers.Serializer[None]):
    engagement = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="Its code; empty holds everything of the customer."
    )
    reason = serializers.CharField(max_length=2000)


class ReasonSerializer(serializers.Serializer[None]):
    reason = serializers.CharField(max_length=2000)


class RoundSerializer(serializers.Serializer[dict[str, Any]]):
    told_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    rows = serializers.ListField(child=serializers.DictField())


class CustomerRecords(APIView):
    @extend_schema(tags=TAGS, summary="What is kept about a customer", responses=KeptSerializer)
    def get(self, request: Request, pk: int) -> Response:
        organization = find_customer(request, pk, Permission.EXPORT_RECORDS)
        reader = reader_of(request)
        may_erase = allowed(reader, Permission.ERASE_RECORDS, organization)
        holds = LegalHold.objects.visible_to(reader).filter(organization=organization)
        kept = {
            "rows": rows_of(organization),
            "holds": holds.select_related("organization", "engagement", "set_by") if may_erase else None,
            "exports": DataExport.objects.visible_to(reader).filter(organization=organization),
            "obstacles": obstacles_to(organization) if may_erase else None,
        }
        return Response(KeptSerializer(kept).data)


class CustomerExport(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Have what is kept about a customer packed",
        request=None,
        responses={201: ExportSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        organization = find_customer(request, pk, Permission.EXPORT_RECORDS)
        return Response(ExportSerializer(ask_customer_export(organization, actor=reader_of(request))).data, status=201)


class CustomerExportTake(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Take a pack of a customer away",
        request=None,
        responses=PACK,
    )
    def post(self, request: Request, pk: int, number: int) -> StreamingHttpResponse:
        organization = find_customer(request, pk, Permission.EXPORT_RECORDS)
        mine = DataExport.objects.visible_to(reader_of(request))
        return export_download(get_object_or_404(mine, organization=organization, pk=number), request)


class CustomerHolds(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Set a legal hold: nothing it covers is erased",
        request=HoldSetSerializer,
        responses={201: HoldSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        organization = find_customer(request, pk, Permission.ERASE_RECORDS)
        sent = checked(HoldSetSerializer, request.data)
        found = Engagement.objects.visible_to(reader_of(request)).filter(organization=organization)
        engagement = get_object_or_404(found, code=sent["engagement"]) if sent["engagement"] else None
        hold = set_hold(organization, engagement=engagement, reason=sent["reason"], actor=reader_of(request))
        return Response(HoldSerializer(hold).data, status=201)


class CustomerHoldLift(APIView):
    @extend_schema(tags=TAGS, summary="Lift a legal hold", request=ReasonSerializer, responses=HoldSerializer)
    def post(self, request: Request, pk: int, number: int) -> Response:
        organization = find_customer(request, pk, Permission.ERASE_RECORDS)
        hold = find_hold(request, organization, number)
        reason = checked(ReasonSerializer, request.data)["reason"]
        return Response(HoldSerializer(lift_hold(hold, reason=reason, actor=reader_of(request))).data)


class OwnExport(APIView):
    @extend_schema(
        tags=TAGS, summary="Have everything kept about yourself packed", request=None, responses={201: ExportSerializer}
    )
    def post(self, request: Request) -> Response:
        return Response(ExportSerializer(ask_own_export(reader_of(request))).data, status=201)


class OwnExportTake(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Take your own pack away",
        request=None,
        responses=PACK,
    )
    def post(self, request: Request, number: int) -> StreamingHttpResponse:
        reader = reader_of(request)
        mine = DataExport.objects.visible_to(reader)
        return export_download(get_object_or_404(mine, person=reader, pk=number), request)


class Retention(APIView):
    @extend_schema(tags=TAGS, summary="What the next round of retention erases", responses=RoundSerializer)
    def get(self, request: Request) -> Response:
        require(reader_of(request), Permission.ERASE_RECORDS, Organization.objects.consultancy())
        told = RetentionRound.objects.filter(done_at=None).first()
        rows = round_rows(told) if told else []
        said = [{"key": row.kind.key, "told": row.planned, "now": row.now} for row in rows]
        at = {"told_at": told and told.told_at, "due_at": told and told.due_at}
        return Response(RoundSerializer({**at, "rows": said}).data)
