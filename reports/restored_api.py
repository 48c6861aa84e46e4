"""Engagements of other portals over the API: restore one, list them, read their rows, take the pack away again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from accounts.reader import reader_of
from core.api import APIView
from core.asked import checked
from discovery.api.files import SentFile
from reports.domain.restore_handoff import LONGEST_CODE, restore_handoff
from reports.handoff.restoring import rows_by_table
from reports.handoff_found import ZIP
from reports.models import RestoredEngagement
from reports.restored_found import LARGE_PACKS, find_restored, require_restorer, take_restored

if TYPE_CHECKING:
    from django.http import HttpResponse
    from rest_framework.request import Request

TAGS = ["reports: restored engagements"]


class RestoredSerializer(serializers.ModelSerializer[RestoredEngagement]):
    restored_by = serializers.CharField(source="restored_by.full_name", read_only=True)

    class Meta:
        model = RestoredEngagement
        fields = ["code", "origin_code", "customer", "key", "head", "digest", "made_at", "restored_at", "restored_by"]
        read_only_fields = fields


class SentPackSerializer(serializers.Serializer[None]):
    pack = SentFile(large=LARGE_PACKS, allow_empty_file=True)
    key = serializers.CharField(
        required=False, allow_blank=True, default="", help_text="Left out, the answer names the key of the pack."
    )
    code = serializers.CharField(required=False, allow_blank=True, default="", max_length=LONGEST_CODE)


class RestoredRowsSerializer(serializers.Serializer[Any]):
    table = serializers.CharField()
    rows = serializers.ListField(child=serializers.JSONField())


class RestoredList(APIView):
    parser_classes = (MultiPartParser,)

    @extend_schema(tags=TAGS, summary="Restored engagements", responses=RestoredSerializer(many=True))
    def get(self, request: Request) -> Response:
        rows = RestoredEngagement.objects.visible_to(reader_of(request)).select_related("restored_by")
        return Response(RestoredSerializer(rows.defer("manifest", "seal"), many=True).data)

    @extend_schema(
        tags=TAGS, summary="Restore a handoff pack", request=SentPackSerializer, responses={201: RestoredSerializer}
    )
    def post(self, request: Request) -> Response:
        """422 for a pack that does not hold, with the file that is wrong, and for another key; 409 for a taken code."""
        require_restorer(request)
        told = checked(SentPackSerializer, request.data)
        actor = reader_of(request)
        restored = restore_handoff(told["pack"].file.read(), key=told["key"], code=told["code"], actor=actor)
        return Response(RestoredSerializer(restored).data, status=201)


class RestoredRows(APIView):
    @extend_schema(tags=TAGS, summary="The rows of a table", responses=RestoredRowsSerializer)
    def get(self, request: Request, restored: str, table: str) -> Response:
        """As engagement.json, the ledger and the lists beside it have them. 404 for a table that is none."""
        found = find_restored(request, restored)
        rows = rows_by_table(found, table)[table]
        if not rows and table not in found.shape["tables"]:
            raise Http404("no such table")
        return Response(RestoredRowsSerializer({"table": table, "rows": rows}).data)


class RestoredTake(APIView):
    @extend_schema(
        tags=TAGS, summary="Take the pack away again", request=None, responses={(200, ZIP): OpenApiTypes.BINARY}
    )
    def post(self, request: Request, restored: str) -> HttpResponse:
        """The same bytes as it was restored from. 409, with the file, where a row is not what was sealed."""
        return take_restored(request, restored)
