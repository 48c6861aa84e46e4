"""Runbooks over the API: the list, draw up, note a fact, approve, acknowledge, note a drill, take it away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.permissions import EITHER_SIDE, Permission, require, require_any
from accounts.reader import reader_of
from core.api import APIView
from core.asked import checked
from delivery.domain.person_words import MOST_LETTERS
from discovery.api.uploads import ProgressSerializer
from discovery.found import find_estate
from reports.domain.approve_runbook import MOST_MINUTES, acknowledge_runbook, approve_runbook, note_drill
from reports.domain.approve_several import approve_runbooks
from reports.domain.draw_up_runbooks import draw_up_runbooks, note_runbook_fact
from reports.domain.request_runbook_paper import request_runbook_paper
from reports.models import RunbookApproval, RunbookDrill, RunbookReading, RunbookRevision
from reports.runbook_copies import markdown_copy, pdf_copy
from reports.runbook_found import (
    find_paper,
    find_revision,
    find_runbook,
    find_states,
    seen_revision,
    tried_revision,
)
from reports.runbooks.book import asks

if TYPE_CHECKING:
    from django.http import HttpResponse
    from rest_framework.request import Request

TAGS = ["reports: runbooks"]


class RunbookApprovalSerializer(serializers.ModelSerializer[RunbookApproval]):
    approved_by = serializers.CharField(source="approved_by.full_name", read_only=True)

    class Meta:
        model = RunbookApproval
        fields = ["party", "approved_at", "approved_by"]
        read_only_fields = fields


class RunbookReadingSerializer(serializers.ModelSerializer[RunbookReading]):
    read_by = serializers.CharField(source="read_by.full_name", read_only=True)

    class Meta:
        model = RunbookReading
        fields = ["party", "read_at", "read_by"]
        read_only_fields = fields


class RunbookDrillSerializer(serializers.ModelSerializer[RunbookDrill]):
    revision = serializers.IntegerField(source="revision.number", read_only=True)
    noted_by = serializers.CharField(source="noted_by.full_name", read_only=True)

    class Meta:
        model = RunbookDrill
        fields = ["revision", "held_on", "minutes", "participants", "outcome", "noted_at", "noted_by"]
        read_only_fields = fields


class RunbookRevisionSerializer(serializers.ModelSerializer[RunbookRevision]):
    drawn_up_by = serializers.CharField(source="drawn_up_by.full_name", read_only=True)
    approvals = RunbookApprovalSerializer(many=True, read_only=True)
    readings = RunbookReadingSerializer(many=True, read_only=True)
    drills = RunbookDrillSerializer(many=True, read_only=True)

    class Meta:
        model = RunbookRevision
        fields = [
            *("key", "number", "title", "digest", "review_on", "drawn_up_at", "drawn_up_by", "content"),
            *("approvals", "readings", "drills"),
        ]
        read_only_fields = fields


class RunbookSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(source="runbook.key")
    title = serializers.CharField(source="runbook.name")
    is_current = serializers.BooleanField(help_text="Whether the newest revision says what it would say now.")
    missing = serializers.ListField(
        child=serializers.CharField(), source="filled.missing", help_text="Facts that nobody knows yet, by key."
    )
    reasons = serializers.ListField(child=serializers.CharField(), help_text="What stands against it at gate 5.")
    revision = RunbookRevisionSerializer(allow_null=True)


class RunbookFactSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    noted_at = serializers.DateTimeField()


class NewRunbookFact(serializers.Serializer[None]):
    value = serializers.CharField(max_length=MOST_LETTERS)


class SeenRevision(serializers.Serializer[None]):
    digest = serializers.CharField(max_length=64, help_text="The digest of the revision that this act is about.")


class ChosenRunbook(SeenRevision):
    runbook = serializers.SlugField(max_length=40)


class ChosenRunbooks(serializers.Serializer[None]):
    runbooks = ChosenRunbook(many=True, allow_empty=True)


class NewRunbookDrill(serializers.Serializer[None]):
    revision = serializers.IntegerField(min_value=1, help_text="The number of the revision that was tried out.")
    held_on = serializers.DateField()
    minutes = serializers.IntegerField(min_value=1, max_value=MOST_MINUTES)
    participants = serializers.CharField(max_length=MOST_LETTERS)
    outcome = serializers.CharField(max_length=MOST_LETTERS)


class Runbooks(APIView):
    @extend_schema(tags=TAGS, summary="Every runbook and how it stands", responses=RunbookSerializer(many=True))
    def get(self, request: Request, code: str) -> Response:
        return Response(RunbookSerializer(find_states(request, code), many=True).data)

    @extend_schema(
        tags=TAGS,
        summary="Draw up newer revisions",
        request=None,
        responses={201: RunbookRevisionSerializer(many=True)},
    )
    def post(self, request: Request, code: str) -> Response:
        """Of each runbook that would say something else now. 422 with what is not known, 409 where nothing changed."""
        drawn = draw_up_runbooks(find_estate(request, code), actor=reader_of(request))
        return Response(RunbookRevisionSerializer(drawn, many=True).data, status=201)


class RunbookFacts(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Note a fact that no file says",
        request=NewRunbookFact,
        responses={201: RunbookFactSerializer},
    )
    def post(self, request: Request, code: str, fact: str) -> Response:
        """The latest word counts. 422 for a value that the form of the fact does not allow."""
        engagement = find_estate(request, code)
        require_any(reader_of(request), EITHER_SIDE, engagement.organization)
        if fact not in asks():
            raise Http404("no such fact")
        sent = checked(NewRunbookFact, request.data)
        noted = note_runbook_fact(engagement, key=fact, value=sent["value"], actor=reader_of(request))
        return Response(RunbookFactSerializer(noted).data, status=201)


class RunbookDetail(APIView):
    @extend_schema(tags=TAGS, summary="One runbook with its newest revision", responses=RunbookSerializer)
    def get(self, request: Request, code: str, runbook: str) -> Response:
        return Response(RunbookSerializer(find_runbook(request, code, runbook)).data)


class RunbookApprove(APIView):
    @extend_schema(
        tags=TAGS, summary="Approve a revision", request=SeenRevision, responses={201: RunbookApprovalSerializer}
    )
    def post(self, request: Request, code: str, runbook: str) -> Response:
        """For one's own side. 409 for another revision than the newest, or where what it names has changed."""
        state = find_runbook(request, code, runbook)
        require(reader_of(request), Permission.APPROVE_RUNBOOK, state.engagement.organization)
        revision = seen_revision(state, checked(SeenRevision, request.data)["digest"])
        approval = approve_runbook(revision, actor=reader_of(request))
        return Response(RunbookApprovalSerializer(approval).data, status=201)


class RunbooksApprove(APIView):
    @extend_schema(
        operation_id="approve_chosen_runbooks",
        tags=TAGS,
        summary="Approve several runbooks",
        request=ChosenRunbooks,
        responses={201: RunbookApprovalSerializer(many=True)},
    )
    def post(self, request: Request, code: str) -> Response:
        """All of them or none, for one's own side. 409 names each that you have not said to have read."""
        engagement = find_estate(request, code)
        require(reader_of(request), Permission.APPROVE_RUNBOOK, engagement.organization)
        chosen = checked(ChosenRunbooks, request.data)["runbooks"]
        seen = {one["runbook"]: one["digest"] for one in chosen}
        approvals = approve_runbooks(engagement, seen=seen, actor=reader_of(request))
        return Response(RunbookApprovalSerializer(approvals, many=True).data, status=201)


class RunbookAcknowledge(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Say that you read a revision",
        request=SeenRevision,
        responses={201: RunbookReadingSerializer},
    )
    def post(self, request: Request, code: str, runbook: str) -> Response:
        """Once a person and revision."""
        state = find_runbook(request, code, runbook)
        revision = seen_revision(state, checked(SeenRevision, request.data)["digest"])
        reading = acknowledge_runbook(revision, actor=reader_of(request))
        return Response(RunbookReadingSerializer(reading).data, status=201)


class RunbookDrills(APIView):
    @extend_schema(tags=TAGS, summary="Note a drill", request=NewRunbookDrill, responses={201: RunbookDrillSerializer})
    def post(self, request: Request, code: str, runbook: str) -> Response:
        """Of the newest revision or an earlier one. 422 for a number that there is none of."""
        state = find_runbook(request, code, runbook)
        require_any(reader_of(request), EITHER_SIDE, state.engagement.organization)
        told = checked(NewRunbookDrill, request.data)
        drill = note_drill(tried_revision(request, state, told.pop("revision")), actor=reader_of(request), **told)
        return Response(RunbookDrillSerializer(drill).data, status=201)


class RunbookPapers(APIView):
    @extend_schema(tags=TAGS, summary="Have the PDF drawn", request=SeenRevision, responses={201: ProgressSerializer})
    def post(self, request: Request, code: str, runbook: str) -> Response:
        """By a worker. 409 where it is there already; another approval has it drawn anew."""
        revision = seen_revision(find_runbook(request, code, runbook), checked(SeenRevision, request.data)["digest"])
        return Response(ProgressSerializer(request_runbook_paper(revision, actor=reader_of(request))).data, status=201)


class RunbookPdf(APIView):
    @extend_schema(
        tags=TAGS, summary="The PDF of a revision", responses={(200, "application/pdf"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, code: str, runbook: str, revision: int) -> HttpResponse:
        """404 until it was drawn, also after another approval."""
        return pdf_copy(find_paper(request, find_revision(request, code, runbook, revision)))


class RunbookMarkdown(APIView):
    @extend_schema(tags=TAGS, summary="A revision as Markdown", responses={(200, "text/markdown"): OpenApiTypes.STR})
    def get(self, request: Request, code: str, runbook: str, revision: int) -> HttpResponse:
        return markdown_copy(find_revision(request, code, runbook, revision))
