"""The checks of a set over the API, and what the target itself printed about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.api import ListAPIView
from core.asked import checked
from core.throttles import ReadThrottle, UploadThrottle
from discovery.api.uploads import ProgressSerializer
from discovery.domain.attach_output import MOST_BYTES, attach_output
from discovery.domain.check_translation import check_translation
from discovery.found import find_estate, find_translation
from discovery.models import StartOutput, SyntaxCheck, TranslationSet

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

TAGS = ["discovery: translation"]


class SyntaxCheckSerializer(serializers.ModelSerializer[SyntaxCheck]):
    asked_by = serializers.CharField(source="asked_by.full_name", read_only=True)

    class Meta:
        model = SyntaxCheck
        fields = [
            *("tool", "version", "set_digest", "exit_status", "file_count", "line_count", "lines", "checked_at"),
            "asked_by",
        ]
        read_only_fields = fields


class StartOutputSerializer(serializers.ModelSerializer[StartOutput]):
    attached_by = serializers.CharField(source="attached_by.full_name", read_only=True)

    class Meta:
        model = StartOutput
        fields = [
            *("set_digest", "sha256", "byte_count", "verdict", "verdict_line", "attached_at", "attached_by", "text"),
        ]
        read_only_fields = fields


class NewOutput(serializers.Serializer[None]):
    text = serializers.CharField(
        trim_whitespace=False,
        help_text=f"What the command printed, with its exit status as the last line; up to {MOST_BYTES // 1024} KB.",
    )


def set_of(view: ListAPIView[Any]) -> TranslationSet:
    return find_translation(view.request, find_estate(view.request, view.kwargs["code"]), view.kwargs["number"])


class CheckList(ListAPIView[SyntaxCheck]):
    serializer_class = SyntaxCheckSerializer

    def get_queryset(self) -> QuerySet[SyntaxCheck]:
        visible = SyntaxCheck.objects.visible_to(reader_of(self.request)).filter(translation=set_of(self))
        return visible.select_related("asked_by")

    @extend_schema(tags=TAGS, summary="Syntax checks of the generated files, latest first")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(
        tags=TAGS, summary="Have the generated files checked", request=None, responses={201: ProgressSerializer}
    )
    def post(self, request: Request, code: str, number: int) -> Response:  # noqa: ARG002 (named by the address)
        """A job checks them."""
        job = check_translation(set_of(self), actor=reader_of(request))
        return Response(ProgressSerializer(job).data, status=201)


class OutputList(ListAPIView[StartOutput]):
    serializer_class = StartOutputSerializer
    throttle_classes = [ReadThrottle, UploadThrottle]

    def get_queryset(self) -> QuerySet[StartOutput]:
        visible = StartOutput.objects.visible_to(reader_of(self.request)).filter(translation=set_of(self))
        return visible.select_related("attached_by")

    @extend_schema(tags=TAGS, summary="Attached outputs of the target's own check, latest first")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(
        tags=TAGS,
        summary="Attach what the target's own check printed",
        request=NewOutput,
        responses={201: StartOutputSerializer},
    )
    def post(self, request: Request, code: str, number: int) -> Response:  # noqa: ARG002 (named by the address)
        """Secrets are masked before it is stored. Judged only where a line is certain, else “not judged”."""
        translation = set_of(self)
        require(reader_of(request), Permission.UPLOAD, translation.engagement.organization)
        sent = checked(NewOutput, request.data)
        attached = attach_output(translation, text=sent["text"], actor=reader_of(request))
        return Response(StartOutputSerializer(attached).data, status=201)
