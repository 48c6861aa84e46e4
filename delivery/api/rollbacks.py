"""The way back over the API: start a drill or a real one, see the clock, tick steps, say why, have the proxy resume."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.permissions import Permission, require, require_any
from accounts.reader import reader_of
from accounts.token_api import proved_at
from core.api import APIView, ListAPIView
from core.asked import checked
from delivery.domain.person_words import MOST_LETTERS
from delivery.domain.roll_back import BOTH_SIDES, explain_rollback, resume_proxy, start_rollback, tick_step
from delivery.found import find_rollback
from delivery.models import Rollback, RollbackStep
from delivery.rollback_state import clock_of
from discovery.api.uploads import ProgressSerializer
from engagements.found import find_engagement

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

TAGS = ["delivery: parallel delivery"]


class RollbackStepSerializer(serializers.ModelSerializer[RollbackStep]):
    class Meta:
        model = RollbackStep
        fields = ["position", "title", "party", "done_at"]
        read_only_fields = fields


class RollbackSerializer(serializers.ModelSerializer[Rollback]):
    started_by = serializers.CharField(source="started_by.full_name", read_only=True)
    seconds = serializers.SerializerMethodField(help_text="How long it has run, or ran, by the server's clock.")
    is_late = serializers.SerializerMethodField(help_text="Beyond the limit of five minutes.")
    steps = RollbackStepSerializer(many=True, read_only=True)

    class Meta:
        model = Rollback
        fields = [
            "number", "is_drill", "by_line", "started_at", "started_by", "said", "ended_at", "was_overtaken", "reason",
            "explained_at", "seconds", "is_late", "steps",
        ]  # fmt: skip
        read_only_fields = fields

    def get_seconds(self, rollback: Rollback) -> int:
        return int(clock_of(rollback).span.total_seconds())

    def get_is_late(self, rollback: Rollback) -> bool:
        return clock_of(rollback).is_late


class NewRollback(serializers.Serializer[None]):
    is_drill = serializers.BooleanField(help_text="False takes everything back to Postfix for real.")


class RollbackReason(serializers.Serializer[None]):
    reason = serializers.CharField(max_length=MOST_LETTERS, help_text="What led to it, and what was seen.")


class Rollbacks(ListAPIView[Rollback]):
    serializer_class = RollbackSerializer

    def get_queryset(self) -> QuerySet[Rollback]:
        engagement = find_engagement(self.request, self.kwargs["code"])
        visible = Rollback.objects.visible_to(reader_of(self.request)).filter(engagement=engagement)
        return visible.select_related("started_by").prefetch_related("steps")

    @extend_schema(tags=TAGS, summary="Drills and rollbacks, latest first")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(
        tags=TAGS, summary="Roll back to Postfix, or drill it", request=NewRollback, responses={201: RollbackSerializer}
    )
    def post(self, request: Request, code: str) -> Response:
        """The clock starts. The one that runs already is answered; a real one takes the place of a drill.

        A browser session needs a fresh proof to begin one, and none where the one that runs is answered.
        """
        engagement = find_engagement(request, code)
        require(reader_of(request), Permission.ORDER_ROLLBACK, engagement.organization)
        asked = checked(NewRollback, request.data)
        rollback = start_rollback(engagement, authenticated_at=proved_at(request), actor=reader_of(request), **asked)
        return Response(RollbackSerializer(rollback).data, status=201)


class RollbackDetail(APIView):
    @extend_schema(tags=TAGS, summary="One of them, with its clock and steps", responses=RollbackSerializer)
    def get(self, request: Request, code: str, number: int) -> Response:
        return Response(RollbackSerializer(find_rollback(request, find_engagement(request, code), number)).data)

    @extend_schema(
        tags=TAGS,
        summary="Say what led to it",
        request=RollbackReason,
        responses=RollbackSerializer,
        operation_id="engagements_parallel_rollback_explain",
    )
    def post(self, request: Request, code: str, number: int) -> Response:
        """409 before its end, and the second time."""
        rollback = find_rollback(request, find_engagement(request, code), number)
        require_any(reader_of(request), BOTH_SIDES, rollback.engagement.organization)
        explained = explain_rollback(rollback, actor=reader_of(request), **checked(RollbackReason, request.data))
        return Response(RollbackSerializer(explained).data)


class RollbackTick(APIView):
    @extend_schema(tags=TAGS, summary="Say that a step is done", request=None, responses=RollbackSerializer)
    def post(self, request: Request, code: str, number: int, position: int) -> Response:
        """The step that ends the clock ends it. 409 for one that is done."""
        rollback = find_rollback(request, find_engagement(request, code), number)
        visible = RollbackStep.objects.visible_to(reader_of(request)).select_related("rollback")
        step = get_object_or_404(visible, rollback=rollback, position=position)
        tick_step(step, actor=reader_of(request))
        return Response(RollbackSerializer(find_rollback(request, rollback.engagement, number)).data)


class RollbackResume(APIView):
    @extend_schema(tags=TAGS, summary="Have the proxy resume", request=None, responses={201: ProgressSerializer})
    def post(self, request: Request, code: str, number: int) -> Response:
        """409 while it runs, where it is not the last one, and where the portal has no line to the proxy.

        A browser session needs a fresh proof.
        """
        rollback = find_rollback(request, find_engagement(request, code), number)
        job = resume_proxy(rollback, authenticated_at=proved_at(request), actor=reader_of(request))
        return Response(ProgressSerializer(job).data, status=201)
