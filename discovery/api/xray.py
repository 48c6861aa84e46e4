"""The X-ray over the API: every check with what it says now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core.api import APIView
from discovery.found import find_estate
from discovery.scene import scene_of
from discovery.xray.registry import ORDER, PROBLEM, UNTOLD
from discovery.xray.verdicts import verdicts
from discovery.xray_addresses import address_of, address_of_all

if TYPE_CHECKING:
    from rest_framework.request import Request

A_CHECK = {
    "key": "dossiers_owned",
    "title": "Every dossier names an owner",
    "state": "problem",
    "fault_count": 1,
    "page": "/…/dossiers/?without=owner",
    "faults": [{"sentence": "D-003 tagger: nobody is named who can answer for it.", "page": "/…/dossiers/3/"}],
    "doubts": [],
}


class FaultSerializer(serializers.Serializer[None]):
    sentence = serializers.CharField()
    page = serializers.CharField(help_text="The page on which it is mended.")


class CheckSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField([PROBLEM, ORDER, UNTOLD])
    fault_count = serializers.IntegerField()
    page = serializers.CharField(help_text="The list of everything it speaks of; empty where there is none.")
    faults = FaultSerializer(many=True)
    doubts = serializers.ListField(child=serializers.CharField())


class Xray(APIView):
    @extend_schema(
        tags=["discovery: inventory"],
        summary="What does not fit together, what does, and what cannot be told yet",
        responses=CheckSerializer(many=True),
        examples=[OpenApiExample("A check with a problem", [A_CHECK], response_only=True)],
    )
    def get(self, request: Request, code: str) -> Response:
        """Computed now, from the latest upload of each host."""
        found = verdicts(scene_of(find_estate(request, code)))
        rows = [
            {
                "key": verdict.check.key,
                "title": verdict.check.title,
                "state": verdict.state,
                "fault_count": len(verdict.faults),
                "page": address_of_all(verdict.check.whole, code) if verdict.check.whole else "",
                "faults": [{"sentence": fault.sentence, "page": address_of(fault, code)} for fault in verdict.faults],
                "doubts": [doubt.sentence for doubt in verdict.doubts],
            }
            for verdict in found
        ]
        return Response(CheckSerializer(rows, many=True).data)
