"""Findings over the API: read them, and decide on them as the review queue does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema

from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import at_version, checked, version_seen
from discovery.api.finding_shapes import (
    LISTED,
    AcceptSerializer,
    AnswerSerializer,
    DismissSerializer,
    FindingDetailSerializer,
    FindingFilter,
    ListedFindingSerializer,
    NoteSerializer,
    VersionSerializer,
)
from discovery.domain.accept_finding import accept_finding
from discovery.domain.answer_finding import FindingAnswer, answer_finding
from discovery.domain.dismiss_finding import dismiss_finding
from discovery.domain.note_finding import NotedFinding, note_finding
from discovery.domain.undo_review import undo_review
from discovery.found import find_estate, find_finding, find_reviewed, find_to_review
from discovery.models import ExternalKey, Finding
from discovery.review_queue import QueueFilter
from discovery.tracker_items import STANDING
from discovery.tracker_queries import findings_changed_since

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.response import Response
    from rest_framework.serializers import Serializer

TAGS = ["discovery: findings"]


class FindingList(ListAPIView[Finding]):
    serializer_class = ListedFindingSerializer

    def get_queryset(self) -> QuerySet[Finding]:
        engagement = find_estate(self.request, self.kwargs["code"])
        asked = checked(FindingFilter, self.request.query_params)
        reader = reader_of(self.request)
        known = Finding.objects.visible_to(reader).filter(engagement=engagement)
        if since := asked.pop("changed_since", None):
            known = findings_changed_since(known, since)
        if key := asked.pop("external_key", None):
            known = known.filter(pk__in=ExternalKey.objects.visible_to(reader).named(key).order_by().values("finding"))
        found = QueueFilter(**asked).narrow(known, reader)
        shown = found.select_related("decided_by", "assignee", "duplicate_of").only(*LISTED)
        return shown.prefetch_related(STANDING)

    @extend_schema(tags=TAGS, summary="Findings, gravest first", parameters=[FindingFilter])
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(tags=TAGS, summary="Log a finding", request=NoteSerializer, responses={201: FindingDetailSerializer})
    def post(self, request: Request, code: str) -> Response:
        """What no rule says. It is reviewed like any other, and no later look takes it away."""
        engagement = find_reviewed(request, code)
        said = NotedFinding(**checked(NoteSerializer, request.data))
        return _shown(note_finding(engagement, said=said, actor=reader_of(request)), status=201)


class FindingDetail(APIView):
    @extend_schema(tags=TAGS, summary="One finding with its history", responses=FindingDetailSerializer)
    def get(self, request: Request, code: str, number: int) -> Response:
        return _shown(find_finding(request, find_estate(request, code), number))


class Review(ABC, APIView):
    """An act on one finding: who may not gets 403, an old version 409, whatever else was sent."""

    takes: type[Serializer[None]] = VersionSerializer

    def post(self, request: Request, code: str, number: int) -> Response:
        finding = find_to_review(request, code, number)
        sent = checked(self.takes, request.data)
        version = version_seen(request, sent)
        sent.pop("version", None)
        self.act(finding, request, version, sent)
        return _shown(find_finding(request, finding.engagement, number))

    @abstractmethod
    def act(self, finding: Finding, request: Request, version: int, sent: dict[str, Any]) -> None: ...


@extend_schema(tags=TAGS, summary="Accept a finding", request=AcceptSerializer, responses=FindingDetailSerializer)
class Accept(Review):
    takes = AcceptSerializer

    def act(self, finding: Finding, request: Request, version: int, sent: dict[str, Any]) -> None:
        accept_finding(finding, actor=reader_of(request), version=version, **sent)


@extend_schema(tags=TAGS, summary="Dismiss a finding", request=DismissSerializer, responses=FindingDetailSerializer)
class Dismiss(Review):
    takes = DismissSerializer

    def act(self, finding: Finding, request: Request, version: int, sent: dict[str, Any]) -> None:
        dismiss_finding(finding, actor=reader_of(request), version=version, **sent)


@extend_schema(tags=TAGS, summary="Open a finding again", request=VersionSerializer, responses=FindingDetailSerializer)
class Undo(Review):
    def act(self, finding: Finding, request: Request, version: int, sent: dict[str, Any]) -> None:
        undo_review(finding, actor=reader_of(request), version=version, **sent)


@extend_schema(
    tags=TAGS, summary="What becomes of the line", request=AnswerSerializer, responses=FindingDetailSerializer
)
class Answer(Review):
    takes = AnswerSerializer

    def act(self, finding: Finding, request: Request, version: int, sent: dict[str, Any]) -> None:
        """What is left out stays as it is."""
        known = FindingAnswer(finding.translation_class, finding.impact, finding.proposal)
        answer_finding(finding, actor=reader_of(request), version=version, answer=replace(known, **sent))


def _shown(finding: Finding, *, status: int = 200) -> Response:
    return at_version(FindingDetailSerializer(finding).data, finding.version, status=status)
