"""Cutovers over the API: plan one, walk its run-sheet, note queues, end it, close its window, take Postfix down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.permissions import EITHER_SIDE, Permission, require, require_any
from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import checked
from delivery.cutover_state import drift_of, finish_reasons
from delivery.domain.close_window import decommission, decommission_reasons, sign_early_closing
from delivery.domain.person_words import MOST_LETTERS
from delivery.domain.run_cutover import complete_step, finish_cutover, freeze_configuration, note_queue, plan_cutover
from delivery.found import find_cutover, find_ramp
from delivery.models import ArmedCheck, Cutover, CutoverStep, Decommission, FrozenConfiguration, QueueCount
from delivery.ramp.sheet import leftovers
from delivery.run_sheet import sheet_rows
from discovery.found import find_estate

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

TAGS = ["delivery: parallel delivery"]


class CutoverSerializer(serializers.ModelSerializer[Cutover]):
    ramp = serializers.IntegerField(source="ramp.number", read_only=True)
    window_ends = serializers.DateTimeField(read_only=True, allow_null=True, help_text="Null before it is done.")

    class Meta:
        model = Cutover
        fields = [
            "number", "ramp", "planned_for", "on_call", "window_days", "done_at", "window_ends", "fallen_back_at",
            "closed_at",
        ]  # fmt: skip
        read_only_fields = fields


class CutoverStepSerializer(serializers.ModelSerializer[CutoverStep]):
    class Meta:
        model = CutoverStep
        fields = ["position", "key", "title", "kind", "party", "evidence", "done_at"]
        read_only_fields = fields


class SheetRowSerializer(serializers.Serializer[Any]):
    step = CutoverStepSerializer()
    whose = serializers.CharField()
    can = serializers.BooleanField(help_text="It would be accepted now, from you.")
    reasons = serializers.ListField(child=serializers.CharField(), help_text="Why it would be from nobody.")
    seen = serializers.CharField(help_text="What the portal sees by itself.")


class QueueCountSerializer(serializers.ModelSerializer[QueueCount]):
    class Meta:
        model = QueueCount
        fields = ["side", "messages", "counted_at"]
        read_only_fields = fields


class ArmedCheckSerializer(serializers.ModelSerializer[ArmedCheck]):
    class Meta:
        model = ArmedCheck
        fields = ["day", "holds", "rows", "checked_at"]
        read_only_fields = fields


class LeftoverSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()


class CutoverSheetSerializer(serializers.Serializer[Any]):
    cutover = CutoverSerializer()
    steps = SheetRowSerializer(many=True)
    unfinished = serializers.ListField(child=serializers.CharField(), help_text="Why it is not done yet.")
    drift = serializers.ListField(child=serializers.CharField(), help_text="How Postfix differs from what was frozen.")
    queues = QueueCountSerializer(many=True)
    armed = ArmedCheckSerializer(many=True, help_text="Whether the way back works, a row a day, latest first.")
    decommission_reasons = serializers.ListField(
        child=serializers.CharField(), help_text="Why Postfix may not be taken down yet."
    )
    leftovers = LeftoverSerializer(many=True, help_text="What taking it down has to answer.")


class FrozenSerializer(serializers.ModelSerializer[FrozenConfiguration]):
    class Meta:
        model = FrozenConfiguration
        fields = ["digest", "hosts", "frozen_at"]
        read_only_fields = fields


class NewCutover(serializers.Serializer[None]):
    ramp = serializers.IntegerField(help_text="The number of the ramp.")
    planned_for = serializers.DateTimeField()
    on_call = serializers.CharField(max_length=MOST_LETTERS, help_text="Both sides, with telephone numbers.")


class StepEvidence(serializers.Serializer[None]):
    evidence = serializers.CharField(
        max_length=MOST_LETTERS, required=False, default="", allow_blank=True,
        help_text="What shows it. What the portal sees by itself needs none.",
    )  # fmt: skip


class NewQueueCount(serializers.Serializer[None]):
    side = serializers.ChoiceField(QueueCount.Side.choices)
    count = serializers.IntegerField(min_value=0, max_value=10**15)


class ClosingReason(serializers.Serializer[None]):
    reason = serializers.CharField(max_length=MOST_LETTERS, help_text="Why the way back is given up early.")


class LeftoverAnswer(serializers.Serializer[None]):
    is_so = serializers.BooleanField(help_text="Yes or no to what the leftover says.")
    words = serializers.CharField(max_length=MOST_LETTERS, help_text="Where, until when, by whom.")


class LeftoverAnswers(serializers.Serializer[None]):
    answers = serializers.DictField(child=LeftoverAnswer(), help_text="By the key of what is left behind.")


class DecommissionSerializer(serializers.ModelSerializer[Decommission]):
    class Meta:
        model = Decommission
        fields = ["answers", "decided_at"]
        read_only_fields = fields


class Cutovers(ListAPIView[Cutover]):
    serializer_class = CutoverSerializer

    def get_queryset(self) -> QuerySet[Cutover]:
        engagement = find_estate(self.request, self.kwargs["code"])
        return Cutover.objects.visible_to(reader_of(self.request)).filter(engagement=engagement).select_related("ramp")

    @extend_schema(tags=TAGS, summary="Cutovers, latest first")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(tags=TAGS, summary="Plan a cutover", request=NewCutover, responses={201: CutoverSerializer})
    def post(self, request: Request, code: str) -> Response:
        """409 while an earlier one of the same ramp has not fallen back."""
        engagement = find_estate(request, code)
        require(reader_of(request), Permission.WORK_TASK, engagement.organization)
        sent = checked(NewCutover, request.data)
        ramp = find_ramp(request, engagement, sent.pop("ramp"))
        return Response(CutoverSerializer(plan_cutover(ramp, actor=reader_of(request), **sent)).data, status=201)


class CutoverDetail(APIView):
    @extend_schema(tags=TAGS, summary="One cutover with its run-sheet", responses=CutoverSheetSerializer)
    def get(self, request: Request, code: str, number: int) -> Response:
        found = find_cutover(request, code, number)
        told = {
            "cutover": found,
            "steps": sheet_rows(found, reader_of(request)),
            "unfinished": [] if found.done_at else finish_reasons(found),
            "drift": drift_of(found),
            "queues": found.queue_counts.all(),
            "armed": found.armed_checks.all(),
            "decommission_reasons": decommission_reasons(found),
            "leftovers": leftovers(),
        }
        return Response(CutoverSheetSerializer(told).data)


class CutoverTick(APIView):
    @extend_schema(tags=TAGS, summary="Say that a step is done", request=StepEvidence, responses=CutoverStepSerializer)
    def post(self, request: Request, code: str, number: int, position: int) -> Response:
        """409 with what stands before it, and for one that is done; 422 for what the portal does not see."""
        found = find_cutover(request, code, number)
        visible = CutoverStep.objects.visible_to(reader_of(request)).select_related("cutover")
        step = get_object_or_404(visible, cutover=found, position=position)
        sent = checked(StepEvidence, request.data)
        return Response(CutoverStepSerializer(complete_step(step, actor=reader_of(request), **sent)).data)


class CutoverFreeze(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Freeze the configuration of Postfix",
        request=None,
        responses={201: FrozenSerializer},
    )
    def post(self, request: Request, code: str, number: int) -> Response:
        """409 the second time; 422 while no configuration was read."""
        frozen = freeze_configuration(find_cutover(request, code, number), actor=reader_of(request))
        return Response(FrozenSerializer(frozen).data, status=201)


class CutoverCount(APIView):
    @extend_schema(tags=TAGS, summary="Note a queue", request=NewQueueCount, responses={201: QueueCountSerializer})
    def post(self, request: Request, code: str, number: int) -> Response:
        found = find_cutover(request, code, number)
        require_any(reader_of(request), EITHER_SIDE, found.engagement.organization)
        noted = note_queue(found, actor=reader_of(request), **checked(NewQueueCount, request.data))
        return Response(QueueCountSerializer(noted).data, status=201)


class CutoverFinish(APIView):
    @extend_schema(tags=TAGS, summary="End a cutover", request=None, responses=CutoverSerializer)
    def post(self, request: Request, code: str, number: int) -> Response:
        """The window begins in which one can go back. 409 with the steps that are not done."""
        done = finish_cutover(find_cutover(request, code, number), actor=reader_of(request))
        return Response(CutoverSerializer(done).data)


class CutoverSign(APIView):
    @extend_schema(
        tags=TAGS, summary="Sign that the window closes early", request=ClosingReason, responses=CutoverSerializer
    )
    def post(self, request: Request, code: str, number: int) -> Response:
        """One side's word; with the other's the window is closed. Like its page it asks for no fresh proof."""
        found = find_cutover(request, code, number)
        sent = checked(ClosingReason, request.data)
        return Response(CutoverSerializer(sign_early_closing(found, actor=reader_of(request), **sent)).data)


class CutoverDecommission(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Take Postfix down",
        request=LeftoverAnswers,
        responses={201: DecommissionSerializer},
    )
    def post(self, request: Request, code: str, number: int) -> Response:
        """409 with what stands against it; 422 with every question that has no answer."""
        found = find_cutover(request, code, number)
        require(reader_of(request), Permission.WORK_TASK, found.engagement.organization)
        sent = checked(LeftoverAnswers, request.data)["answers"]
        answers = {key: (answer["is_so"], answer["words"]) for key, answer in sent.items()}
        return Response(
            DecommissionSerializer(decommission(found, answers=answers, actor=reader_of(request))).data, status=201
        )
