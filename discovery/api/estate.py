"""The current inventory over the API: how much of what there is, and each table of facts with file and line."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.response import Response

from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import checked
from discovery.fact_fields import INSTANCE_FIELDS, TABLES
from discovery.found import find_estate, find_upload
from discovery.models import Instance, MissingFile, Upload
from discovery.queries import estate_of, severity_counts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import Model, QuerySet
    from django.http import HttpResponseBase
    from rest_framework.request import Request
    from rest_framework.serializers import BaseSerializer

    View = Callable[..., HttpResponseBase]

TAGS = ["discovery: inventory"]
PLACE = ("file", "line")


class HostSerializer(serializers.Serializer[None]):
    host = serializers.CharField()
    upload = serializers.IntegerField()
    filename = serializers.CharField()
    sha256 = serializers.CharField()
    files = serializers.IntegerField()
    skipped = serializers.IntegerField()
    not_understood = serializers.IntegerField()
    secrets_hidden = serializers.IntegerField()


class InventorySerializer(serializers.Serializer[None]):
    hosts = HostSerializer(many=True)
    counts = serializers.DictField(child=serializers.IntegerField())
    findings = serializers.DictField(
        child=serializers.DictField(child=serializers.IntegerField()), help_text="Per severity, how many in each state."
    )


class Inventory(APIView):
    @extend_schema(tags=TAGS, summary="The inventory in figures", responses=InventorySerializer)
    def get(self, request: Request, code: str) -> Response:
        engagement = find_estate(request, code)
        estate = estate_of(engagement)
        body = {
            "hosts": [asdict(host) for host in estate.hosts],
            "counts": estate.counts,
            "findings": severity_counts(engagement),
        }
        return Response(body)


class FactFilter(serializers.Serializer[None]):
    host = serializers.CharField(required=False, help_text="Facts of one host.")
    instance = serializers.CharField(  # type: ignore[assignment]  # DRF takes a declared field off the class
        required=False, help_text="Facts of one Postfix instance."
    )
    upload = serializers.IntegerField(
        required=False, min_value=1, help_text="What one upload says; else the latest of each host speaks for it."
    )


class FactTable(ListAPIView[Any]):
    """One table of facts. `path_to_instance` is empty for what belongs to the whole host."""

    table: type[Model] = Instance
    path_to_instance = ""

    def get_queryset(self) -> QuerySet[Any]:
        asked = checked(FactFilter, self.request.query_params)
        narrowed: dict[str, Any] = {"upload__in": self._uploads(asked.get("upload")).order_by()}
        if "host" in asked:
            narrowed["upload__host_label"] = asked["host"]
        if "instance" in asked and self.path_to_instance:
            narrowed[self.path_to_instance] = asked["instance"]
        rows: QuerySet[Any] = self.table._default_manager.visible_to(reader_of(self.request))  # type: ignore[attr-defined]  # noqa: SLF001 (every fact has it, under Django's way to any model)
        related = ["upload", *["instance"] * (self.path_to_instance == "instance__name")]
        return rows.filter(**narrowed).select_related(*related).order_by("upload__host_label", "pk")

    def _uploads(self, number: int | None) -> QuerySet[Upload]:
        engagement = find_estate(self.request, self.kwargs["code"])
        known = Upload.objects.visible_to(reader_of(self.request)).filter(engagement=engagement)
        if number is None:
            return known.current()
        find_upload(self.request, engagement, number)
        return known.filter(number=number)


def _serializer(model: type[Model], columns: Iterable[str], instance: str) -> type[BaseSerializer[Any]]:
    """Host, upload and instance, the columns of the table, then the place they were read from."""
    places = [one for one in PLACE if one in {field.name for field in model._meta.get_fields()}]
    fields: dict[str, Any] = {
        "host": serializers.CharField(source="upload.host_label", read_only=True),
        "upload": serializers.IntegerField(source="upload.number", read_only=True),
    }
    if instance:
        fields["instance"] = serializers.CharField(source=instance, read_only=True)
    listed = [*fields, *columns, *places]
    meta = type("Meta", (), {"model": model, "fields": listed, "read_only_fields": listed})
    kind: Any = type(f"{model.__name__}Serializer", (serializers.ModelSerializer,), {**fields, "Meta": meta})
    named: type[BaseSerializer[Any]] = extend_schema_serializer(component_name=f"{model.__name__}Fact")(kind)
    return named


def _view(name: str, model: type[Model], columns: Iterable[str], path: str, source: str) -> View:
    title = f"The inventory: {name.replace('_', ' ')}"
    kind: type[FactTable] = type(f"{model.__name__}Table", (FactTable,), {})
    described: type[FactTable] = extend_schema(tags=TAGS, summary=title, parameters=[FactFilter])(kind)
    return described.as_view(table=model, path_to_instance=path, serializer_class=_serializer(model, columns, source))


# Every table of the inventory: what the page shows of it, the API lists.
TABLE_VIEWS: dict[str, View] = {
    "instances": _view("instances", Instance, INSTANCE_FIELDS, "name", ""),
    "missing_files": _view("missing_files", MissingFile, ("path", "parameter", "note"), "", ""),
    **{
        name: _view(name, model, columns, "instance__name", "instance.name")
        for name, (model, columns) in TABLES.items()
    },
}
