"""Findings and tasks for trackers, and the keys of their tickets, over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from accounts.permissions import Permission
from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import at_version, checked, version_seen
from core.throttles import ReadThrottle, UploadThrottle
from discovery.api.tracker_shapes import (
    ExternalKeySerializer,
    ImportedKeysSerializer,
    KeyFilter,
    KeyTextSerializer,
    NewKeySheet,
    TaskFilter,
    TaskSerializer,
)
from discovery.domain.import_keys import import_keys
from discovery.domain.note_key import note_key, remove_key
from discovery.found import find_estate, find_estate_to
from discovery.models import ExternalKey
from discovery.tracker_export import exported, tracker_in
from discovery.tracker_found import find_item, find_to_note
from discovery.tracker_items import STANDING, Chosen
from discovery.tracker_queries import tasks_changed_since
from discovery.trackers.book import trackers
from engagements.models import GateTask

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse
    from rest_framework.request import Request

TAGS = ["discovery: trackers"]
SYSTEM = OpenApiParameter(
    "system", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(trackers()), description="The tracker."
)
ITEM = OpenApiParameter(
    "item", OpenApiTypes.STR, OpenApiParameter.PATH, description="The external ID of a finding or a task."
)
IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The ETag of the key that stands."
)


class TrackerExport(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Findings and tasks as a table for a tracker",
        parameters=[
            SYSTEM,
            OpenApiParameter("rows", OpenApiTypes.STR, enum=Chosen.values, description="all if unsaid."),
        ],
        responses={(200, "text/csv"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, code: str, system: str) -> HttpResponse:
        """`rows`: `new` is what is not over and has no ticket, `known` what has one. External IDs stay."""
        return exported(find_estate(request, code), reader_of(request), system, request.query_params.dict())


class KeyList(ListAPIView[ExternalKey]):
    serializer_class = ExternalKeySerializer

    def get_queryset(self) -> QuerySet[ExternalKey]:
        engagement = find_estate(self.request, self.kwargs["code"])
        asked = checked(KeyFilter, self.request.query_params)
        keys = ExternalKey.objects.visible_to(reader_of(self.request)).filter(engagement=engagement)
        keys = keys.changed_since(asked["changed_since"]) if "changed_since" in asked else keys.standing()
        keys = keys.filter(system=asked["system"]) if "system" in asked else keys
        keys = keys.named(asked["key"]) if "key" in asked else keys
        return keys.select_related("engagement", "finding", "task", "changed_by").order_by("changed_at", "pk")

    @extend_schema(tags=TAGS, summary="Keys of trackers, oldest change first", parameters=[KeyFilter])
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        """With `key`, what a ticket is about. With `changed_since`, also keys that were taken off: theirs is empty."""
        return super().get(request, *arguments, **keywords)


@extend_schema(tags=TAGS, parameters=[SYSTEM, ITEM])
class KeyDetail(APIView):
    @extend_schema(summary="The key of a finding or a task in a tracker", responses=ExternalKeySerializer)
    def get(self, request: Request, code: str, item: str, system: str) -> Response:
        """404 where none stands."""
        subject = find_item(request, find_estate(request, code), item)
        visible = ExternalKey.objects.visible_to(reader_of(request)).standing().of(subject)
        return _shown(get_object_or_404(visible, system=system))

    @extend_schema(summary="Record a key", request=KeyTextSerializer, responses=ExternalKeySerializer)
    def put(self, request: Request, code: str, item: str, system: str) -> Response:
        """Sent again, it changes nothing. Another key is replaced with its ETag alone, else it is 409.

        409 also for a key that is another thing's already.
        """
        _, subject = find_to_note(request, code, item)
        sent = {"version": 0} | checked(KeyTextSerializer, request.data)
        version = version_seen(request, sent)
        sent.pop("version")
        name = tracker_in(system).name
        return _shown(note_key(subject, system=name, actor=reader_of(request), version=version, **sent))

    @extend_schema(summary="Take a key off", parameters=[IF_MATCH], responses={204: None})
    def delete(self, request: Request, code: str, item: str, system: str) -> Response:
        """204 also where none stands."""
        _, subject = find_to_note(request, code, item)
        name = tracker_in(system).name
        if ExternalKey.objects.visible_to(reader_of(request)).standing().of(subject).filter(system=name).exists():
            remove_key(subject, system=name, actor=reader_of(request), version=version_seen(request, {}))
        return Response(status=204)


class KeyImport(APIView):
    parser_classes = [MultiPartParser]
    throttle_classes = [ReadThrottle, UploadThrottle]

    @extend_schema(
        tags=TAGS,
        summary="Record keys from a tracker's file",
        request={"multipart/form-data": NewKeySheet},
        responses={201: ImportedKeysSerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        """Every row or none: each wrong one is named. A key that stands is replaced by no file."""
        engagement = find_estate_to(Permission.NOTE_KEYS, request, code)
        sent = checked(NewKeySheet, request.data)
        content = sent.pop("sheet").read()
        found = import_keys(engagement, content=content, actor=reader_of(request), **sent)
        return Response(ImportedKeysSerializer(found).data, status=201)


class TaskList(ListAPIView[GateTask]):
    serializer_class = TaskSerializer

    def get_queryset(self) -> QuerySet[GateTask]:
        engagement = find_estate(self.request, self.kwargs["code"])
        asked = checked(TaskFilter, self.request.query_params)
        tasks = GateTask.objects.visible_to(reader_of(self.request))
        tasks = tasks.filter(gate__engagement=engagement, gate__number__lte=engagement.last_phase)
        if "changed_since" in asked:
            tasks = tasks_changed_since(tasks, engagement, asked["changed_since"])
        shown = tasks.select_related("gate__engagement", "done_by").prefetch_related(STANDING)
        return shown.order_by("gate__number", "position", "pk")

    @extend_schema(tags=TAGS, summary="Tasks of all phases, with their keys", parameters=[TaskFilter])
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)


def _shown(kept: ExternalKey) -> Response:
    return at_version(ExternalKeySerializer(kept).data, kept.version)
