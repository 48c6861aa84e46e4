"""The document of a gate over the API: in which language it is written, and its building."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.reader import reader_of
from core.api import APIView
from core.asked import checked
from core.languages import LANGUAGES
from engagements.found import find_gate
from reports.domain.choose_language import choose_language
from reports.domain.request_freeze import request_freeze
from reports.job_kinds import latest_build

if TYPE_CHECKING:
    from rest_framework.request import Request

    from engagements.models import Gate

TAGS = ["reports: documents"]


class LanguageSerializer(serializers.Serializer[None]):
    language = serializers.ChoiceField(list(LANGUAGES))


class FreezeSerializer(serializers.Serializer[None]):
    language = serializers.ChoiceField(list(LANGUAGES), required=False, help_text="Without it the one of before.")


class BuildSerializer(serializers.Serializer[dict[str, Any]]):
    language = serializers.CharField(help_text="Of the next version.")
    build = serializers.CharField(allow_null=True, help_text="State of the latest build; null before the first.")
    said = serializers.CharField(help_text="What the latest build says of itself.")


def _standing(gate: Gate) -> Response:
    job = latest_build(gate)
    said = (job.error_sentence or job.progress_sentence) if job else ""
    return Response(dict(BuildSerializer({"language": gate.language, "build": job and job.state, "said": said}).data))


class DocumentLanguage(APIView):
    @extend_schema(
        tags=TAGS,
        summary="What the next version of a gate's document is written in",
        request=LanguageSerializer,
        responses=BuildSerializer,
    )
    def post(self, request: Request, code: str, number: int) -> Response:
        gate, asked = find_gate(request, code, number), checked(LanguageSerializer, request.data)
        return _standing(choose_language(gate, actor=reader_of(request), language=asked["language"]))


class DocumentFreeze(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Have the next version built and frozen by a worker",
        request=FreezeSerializer,
        responses=BuildSerializer,
    )
    def post(self, request: Request, code: str, number: int) -> Response:
        gate, asked = find_gate(request, code, number), checked(FreezeSerializer, request.data)
        request_freeze(gate, actor=reader_of(request), language=asked.get("language", ""))
        return _standing(find_gate(request, code, number))
