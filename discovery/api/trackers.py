"""Findings and tasks for trackers, over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema

from accounts.reader import reader_of
from core.api import APIView
from discovery.found import find_estate
from discovery.tracker_export import exported
from discovery.tracker_items import Chosen
from discovery.trackers.book import trackers

if TYPE_CHECKING:
    from django.http import HttpResponse
    from rest_framework.request import Request

TAGS = ["discovery: trackers"]
SYSTEM = OpenApiParameter(
    "system", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(trackers()), description="The tracker."
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
        """`rows`: `living` is what is not over. External IDs stay; findings first, then tasks."""
        return exported(find_estate(request, code), reader_of(request), system, request.query_params.dict())
