"""Ramps over the API: open one, see what stands against its next step, say yes to it, change the share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import checked
from core.errors import DomainError
from delivery.dashboard_rows import providers_known
from delivery.domain.change_share import approve_step, change_share, confirm_change, open_ramp
from delivery.domain.person_words import MOST_LETTERS
from delivery.found import find_ramp
from delivery.models import Ramp, ShareChange, StepApproval
from delivery.models.ramp import REST
from delivery.ramp.book import WHOLE
from delivery.ramp_state import command_of, standing_of
from discovery.found import find_estate
from discovery.models import Stream
from engagements.schedule import PARALLEL

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

    from delivery.ramp_state import Standing
    from engagements.models import Engagement

TAGS = ["delivery: parallel delivery"]


class RampSerializer(serializers.ModelSerializer[Ramp]):
    stream = serializers.IntegerField(source="stream.number", read_only=True, default=None, allow_null=True)

    class Meta:
        model = Ramp
        fields = ["number", "title", "rule", "stream", "provider", "share", "share_since", "opened_at"]
        read_only_fields = fields


class ShareChangeSerializer(serializers.ModelSerializer[ShareChange]):
    asked_by = serializers.CharField(source="asked_by.full_name", read_only=True)
    command = serializers.SerializerMethodField(help_text="What is run on the proxy's host; empty once it is settled.")

    class Meta:
        model = ShareChange
        fields = [
            "previous", "share", "why", "state", "by_line", "said", "asked_at", "asked_by", "settled_at", "command",
        ]  # fmt: skip
        read_only_fields = fields

    def get_command(self, change: ShareChange) -> str:
        return command_of(change) if change.state == ShareChange.State.ASKED else ""


class StepApprovalSerializer(serializers.ModelSerializer[StepApproval]):
    approved_by = serializers.CharField(source="approved_by.full_name", read_only=True)

    class Meta:
        model = StepApproval
        fields = ["share", "note", "approved_at", "approved_by"]
        read_only_fields = fields


class StepCheckSerializer(serializers.Serializer[Any]):
    run = serializers.IntegerField(source="run.number")
    outcome = serializers.CharField(help_text="pass, fail or inconclusive.")
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    rows = serializers.JSONField()


class RampStandingSerializer(serializers.Serializer[Any]):
    ramp = RampSerializer()
    next_share = serializers.IntegerField(allow_null=True)
    blockers = serializers.ListField(child=serializers.CharField(), help_text="What stands against the next step.")
    approval = StepApprovalSerializer(allow_null=True)
    checks = StepCheckSerializer(many=True, help_text="At this share since it was reached, latest first.")
    under_way = ShareChangeSerializer(allow_null=True)
    changes = ShareChangeSerializer(many=True, help_text="Latest first.")


class NewRamp(serializers.Serializer[None]):
    rule = serializers.CharField(
        max_length=60, default=REST, help_text="Of the proxy's file; “new” is all that no rule decides."
    )
    stream = serializers.IntegerField(
        required=False, allow_null=True, default=None, help_text="The number of a stream that migrates; none for all."
    )
    provider = serializers.CharField(
        max_length=80, required=False, default="", allow_blank=True, help_text="As the newest run names it."
    )


class NewShare(serializers.Serializer[None]):
    share = serializers.IntegerField(min_value=0, max_value=WHOLE, help_text="Percent on the new route.")
    why = serializers.CharField(max_length=MOST_LETTERS)


class NewApproval(serializers.Serializer[None]):
    share = serializers.IntegerField(min_value=0, max_value=WHOLE, help_text="The next step, as it was read.")
    note = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class ShareConfirmation(serializers.Serializer[None]):
    is_done = serializers.BooleanField(help_text="Whether the proxy says the new share.")


class Ramps(ListAPIView[Ramp]):
    serializer_class = RampSerializer

    def get_queryset(self) -> QuerySet[Ramp]:
        engagement = find_estate(self.request, self.kwargs["code"])
        visible = Ramp.objects.visible_to(reader_of(self.request)).filter(engagement=engagement)
        return visible.select_related("stream")

    @extend_schema(tags=TAGS, summary="Ramps")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(tags=TAGS, summary="Open a ramp", request=NewRamp, responses={201: RampSerializer})
    def post(self, request: Request, code: str) -> Response:
        """422 for a rule that has its ramp already."""
        engagement = find_estate(request, code)
        require(reader_of(request), Permission.WORK_TASK, engagement.organization)
        sent = checked(NewRamp, request.data)
        provider, stream = _provider(engagement, sent["provider"]), _stream(request, engagement, sent["stream"])
        ramp = open_ramp(engagement, rule=sent["rule"], stream=stream, provider=provider, actor=reader_of(request))
        return Response(RampSerializer(ramp).data, status=201)


def _stream(request: Request, engagement: Engagement, number: int | None) -> Stream | None:
    """Raises DomainError for one that does not migrate."""
    if number is None:
        return None
    migrating = Stream.objects.visible_to(reader_of(request)).filter(engagement=engagement, route=Stream.Route.MIGRATE)
    if stream := migrating.filter(number=number).first():
        return stream
    raise DomainError(f"No stream that migrates has the number {number}. Nothing was opened.")


def _provider(engagement: Engagement, name: str) -> str:
    """Raises DomainError for one that the newest run does not name: no check could ever judge it."""
    if name and name not in (known := providers_known(engagement)):
        names = ", ".join(known) or "none"
        raise DomainError(f"The newest run names no provider “{name}”; it names: {names}. Nothing was opened.")
    return name


class RampDetail(APIView):
    @extend_schema(tags=TAGS, summary="What stands against its next step", responses=RampStandingSerializer)
    def get(self, request: Request, code: str, number: int) -> Response:
        ramp = find_ramp(request, find_estate(request, code), number)
        return Response(RampStandingSerializer(_told(request, standing_of(ramp))).data)

    @extend_schema(
        tags=TAGS, summary="Change the share", request=NewShare, responses={201: ShareChangeSerializer},
        operation_id="engagements_parallel_ramp_change",
    )  # fmt: skip
    def post(self, request: Request, code: str, number: int) -> Response:
        """Up goes one step at a time: 409 with everything that stands against it. Down goes at any time.

        With a line the portal tells the proxy; without one the answer has the command, and `confirm/` says it was run.
        """
        ramp = find_ramp(request, find_estate(request, code), number)
        require(reader_of(request), Permission.WORK_TASK, ramp.engagement.organization)
        change = change_share(ramp, actor=reader_of(request), **checked(NewShare, request.data))
        return Response(ShareChangeSerializer(change).data, status=201)


def _told(request: Request, standing: Standing) -> dict[str, Any]:
    changes = ShareChange.objects.visible_to(reader_of(request)).filter(ramp=standing.ramp)
    every = list(changes.select_related("asked_by", "ramp__engagement"))
    return {
        "ramp": standing.ramp,
        "next_share": standing.next_share,
        "blockers": standing.blockers,
        "approval": standing.approval,
        "checks": standing.checks,
        "under_way": next((one for one in every if one.state == ShareChange.State.ASKED), None),
        "changes": every,
    }


class RampApprove(APIView):
    @extend_schema(tags=TAGS, summary="Say yes to the next step", request=NewApproval, responses=StepApprovalSerializer)
    def post(self, request: Request, code: str, number: int) -> Response:
        """By whoever signs phase 3 at the customer. 409 where another step is next, and the second time."""
        ramp = find_ramp(request, find_estate(request, code), number)
        require(reader_of(request), Permission.SIGN, ramp.engagement.organization, phase=PARALLEL)
        approval = approve_step(ramp, actor=reader_of(request), **checked(NewApproval, request.data))
        return Response(StepApprovalSerializer(approval).data)


class RampConfirm(APIView):
    @extend_schema(
        tags=TAGS, summary="Say whether a change was done", request=ShareConfirmation, responses=ShareChangeSerializer
    )
    def post(self, request: Request, code: str, number: int) -> Response:
        """404 while no change is under way, 409 while the portal tells the proxy by itself."""
        ramp = find_ramp(request, find_estate(request, code), number)
        require(reader_of(request), Permission.WORK_TASK, ramp.engagement.organization)
        visible = ShareChange.objects.visible_to(reader_of(request)).select_related("ramp__engagement", "asked_by")
        change = get_object_or_404(visible, ramp=ramp, state=ShareChange.State.ASKED)
        settled = confirm_change(change, actor=reader_of(request), **checked(ShareConfirmation, request.data))
        return Response(ShareChangeSerializer(settled).data)
