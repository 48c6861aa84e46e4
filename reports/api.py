"""The document of a gate over the API: its review and the comments on its sections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.api import APIView
from core.asked import checked
from engagements.domain.ask_question import resolve_question
from engagements.found import find_gate
from engagements.models import Question
from reports.comments import comments_on
from reports.domain.comment_on_section import comment_on_section
from reports.domain.open_review import open_review
from reports.forms import LONGEST_COMMENT
from reports.models import DraftReview

if TYPE_CHECKING:
    from rest_framework.request import Request

TAGS = ["reports: documents"]


class CommentSerializer(serializers.ModelSerializer[Question]):
    by = serializers.CharField(source="asked_by.full_name", read_only=True)
    resolved_by = serializers.CharField(source="resolved_by.full_name", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Question
        fields = ["number", "section", "about", "text", "by", "asked_at", "resolved_by", "resolved_at"]
        read_only_fields = fields


class CommentListSerializer(serializers.Serializer[Any]):
    open = serializers.IntegerField(source="open_count")
    comments = CommentSerializer(source="rows", many=True)


class CommentWrittenSerializer(serializers.Serializer[None]):
    section = serializers.CharField(max_length=40, help_text="Its key, as in the address of a section of the page.")
    text = serializers.CharField(max_length=LONGEST_COMMENT)


class ReviewSerializer(serializers.ModelSerializer[DraftReview]):
    opened_by = serializers.CharField(source="opened_by.full_name", read_only=True)

    class Meta:
        model = DraftReview
        fields = ["version", "opened_by", "opened_at"]
        read_only_fields = fields


class CommentList(APIView):
    @extend_schema(tags=TAGS, summary="The comments on a gate's document", responses=CommentListSerializer)
    def get(self, request: Request, code: str, number: int) -> Response:
        gate = find_gate(request, code, number)
        return Response(CommentListSerializer(comments_on(gate, reader_of(request))).data)

    @extend_schema(
        tags=TAGS,
        summary="Comment on a section of the document you read",
        request=CommentWrittenSerializer,
        responses={201: CommentSerializer},
    )
    def post(self, request: Request, code: str, number: int) -> Response:
        gate, sent = find_gate(request, code, number), checked(CommentWrittenSerializer, request.data)
        comment = comment_on_section(gate, actor=reader_of(request), section=sent["section"], text=sent["text"])
        return Response(CommentSerializer(comment).data, status=201)


class CommentResolve(APIView):
    @extend_schema(tags=TAGS, summary="Close a comment", request=None, responses=CommentSerializer)
    def post(self, request: Request, code: str, number: int, comment: int) -> Response:
        gate = find_gate(request, code, number)
        visible = Question.objects.visible_to(reader_of(request)).select_related("engagement__organization", "asked_by")
        found = get_object_or_404(visible, gate=gate, number=comment)
        return Response(CommentSerializer(resolve_question(found, actor=reader_of(request))).data)


class GateReview(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Open the draft for everybody on the engagement to read and comment on",
        request=None,
        responses=ReviewSerializer,
    )
    def post(self, request: Request, code: str, number: int) -> Response:
        gate = find_gate(request, code, number)
        require(reader_of(request), Permission.FREEZE, gate.engagement.organization)
        return Response(ReviewSerializer(open_review(gate, actor=reader_of(request))).data)
