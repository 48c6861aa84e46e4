"""CSV files of components that no upload shows, over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from accounts.reader import reader_of
from core.api import ListAPIView
from core.asked import checked
from discovery.api.files import SentFile
from discovery.domain.import_components import import_components
from discovery.found import find_estate, find_to_add
from discovery.models import ComponentImport

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

TAGS = ["discovery: inventory"]


class ImportSerializer(serializers.ModelSerializer[ComponentImport]):
    imported_by = serializers.CharField(source="imported_by.full_name", read_only=True)

    class Meta:
        model = ComponentImport
        fields = ["number", "filename", "sha256", "row_count", "imported_by", "imported_at"]
        read_only_fields = fields


class NewImport(serializers.Serializer[None]):
    sheet = SentFile(help_text="A CSV file with the columns of the template.")


class ImportList(ListAPIView[ComponentImport]):
    serializer_class = ImportSerializer
    parser_classes = [MultiPartParser]

    def get_queryset(self) -> QuerySet[ComponentImport]:
        engagement = find_estate(self.request, self.kwargs["code"])
        visible = ComponentImport.objects.visible_to(reader_of(self.request)).filter(engagement=engagement)
        return visible.select_related("imported_by").defer("content")

    @extend_schema(tags=TAGS, summary="Imports of components")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(
        tags=TAGS,
        summary="Import components from a CSV file",
        request={"multipart/form-data": NewImport},
        responses={201: ImportSerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        """Every row or none: each wrong one is named."""
        engagement = find_to_add(request, code)
        sheet = checked(NewImport, request.data)["sheet"]
        kept = import_components(engagement, filename=sheet.name, content=sheet.read(), actor=reader_of(request))
        return Response(ImportSerializer(kept).data, status=201)
