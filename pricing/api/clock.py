"""The promise to answer over the API: read by both sides, paused by sales, given to somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.api import APIView
from core.asked import checked
from pricing.api.clock_shapes import ClockDetailSerializer, PauseSerializer
from pricing.api.request_shapes import RequestSerializer
from pricing.domain.explain_delay import LONGEST_TEXT, explain_delay, late_reasons
from pricing.domain.pause_clock import LONGEST_REASON, pause_clock, resume_clock
from pricing.domain.reassign_request import possible_owners, reassign_request
from pricing.found import find_clock, find_request
from pricing.models import LateReason

if TYPE_CHECKING:
    from rest_framework.request import Request

    from accounts.models import User

TAGS = ["pricing: clock"]


class PauseReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=LONGEST_REASON, help_text="The customer reads it.")


class NewOwnerSerializer(serializers.Serializer[Any]):
    """People by their e-mail; `shown_owner` is whom you read as the owner."""

    owner = serializers.EmailField()
    shown_owner = serializers.EmailField()


class LateReasonSerializer(serializers.ModelSerializer[LateReason]):
    reason = serializers.CharField(source="key", help_text="Of the practice's list.")
    text = serializers.CharField(max_length=LONGEST_TEXT, required=False, default="", allow_blank=True)
    said_by = serializers.CharField(source="said_by.full_name", read_only=True)

    class Meta:
        model = LateReason
        fields = ["reason", "text", "said_by", "said_at"]
        read_only_fields = ["said_at"]


class ClockDetail(APIView):
    @extend_schema(tags=TAGS, summary="The clock of the quote and its pauses", responses=ClockDetailSerializer)
    def get(self, request: Request, code: str) -> Response:
        return Response(ClockDetailSerializer(find_clock(request, code)).data)


class ClockPause(APIView):
    @extend_schema(
        tags=TAGS, summary="Pause the clock", request=PauseReasonSerializer, responses={201: PauseSerializer}
    )
    def post(self, request: Request, code: str) -> Response:
        found = find_clock(request, code)
        require(reader_of(request), Permission.PAUSE_CLOCK, found.engagement.organization)
        sent = checked(PauseReasonSerializer, request.data)
        pause = pause_clock(found, actor=reader_of(request), reason=sent["reason"])
        return Response(PauseSerializer(pause).data, status=201)


class ClockResume(APIView):
    @extend_schema(tags=TAGS, summary="Let the clock run on", request=None, responses={200: PauseSerializer})
    def post(self, request: Request, code: str) -> Response:
        return Response(PauseSerializer(resume_clock(find_clock(request, code), actor=reader_of(request))).data)


class RequestOwner(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Give a request to somebody else",
        request=NewOwnerSerializer,
        responses={200: RequestSerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        found = find_request(request, code)
        require(reader_of(request), Permission.REASSIGN_REQUEST, found.engagement.organization)
        sent = checked(NewOwnerSerializer, request.data)
        owner = _person(sent["owner"], found.owner)
        shown = _person(sent["shown_owner"], found.owner)
        reassign_request(found, actor=reader_of(request), owner=owner, shown_owner=shown)
        return Response(RequestSerializer(find_request(request, code)).data)


def _person(email: str, owner: User) -> User:
    people = {person.email.lower(): person for person in [owner, *possible_owners()]}
    if email.lower() not in people:
        raise serializers.ValidationError({"owner": f"{email} may not send quotes. Choose somebody who may."})
    return people[email.lower()]


class RequestLate(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Say why an answer was late",
        description="Reasons: " + ", ".join(key for key, _ in late_reasons()) + ".",
        request=LateReasonSerializer,
        responses={200: LateReasonSerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        found = find_request(request, code)
        require(reader_of(request), Permission.EDIT_REQUEST, found.engagement.organization)
        sent = checked(LateReasonSerializer, request.data)
        said = explain_delay(found, actor=reader_of(request), reason=sent["key"], text=sent["text"])
        return Response(LateReasonSerializer(said).data)
