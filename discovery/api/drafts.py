"""What the person of a token has typed about a finding and not saved: kept and read back, for nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.reader import reader_of
from core.api import APIView
from core.asked import checked, version_seen
from discovery.api.finding_shapes import AnswerSerializer, DraftSerializer
from discovery.domain.answer_finding import FindingAnswer
from discovery.domain.keep_draft import discard_draft, keep_draft
from discovery.found import find_to_review
from discovery.models import FindingDraft

if TYPE_CHECKING:
    from rest_framework.request import Request

TAGS = ["discovery: findings"]


class KeepDraft(APIView):
    @extend_schema(tags=TAGS, summary="Your draft on a finding", responses=DraftSerializer)
    def get(self, request: Request, code: str, number: int) -> Response:
        """Empty texts at version 0 when there is none."""
        finding = find_to_review(request, code, number)
        reader = reader_of(request)
        mine = FindingDraft.objects.visible_to(reader).of(finding, reader).unsaved().first()
        return Response(DraftSerializer(mine or FindingDraft(version=0)).data)

    @extend_schema(tags=TAGS, summary="Keep a draft on a finding", request=AnswerSerializer, responses=DraftSerializer)
    def post(self, request: Request, code: str, number: int) -> Response:
        """Kept also when the finding has changed since; what stands there already is no draft."""
        finding = find_to_review(request, code, number)
        sent = checked(AnswerSerializer, request.data)
        version = version_seen(request, sent)
        sent.pop("version", None)
        kept = keep_draft(finding, actor=reader_of(request), version=version, answer=FindingAnswer(**sent))
        return Response(DraftSerializer(kept or FindingDraft(version=0)).data)


class DiscardDraft(APIView):
    @extend_schema(
        operation_id="discard_finding_draft",
        tags=TAGS,
        summary="Throw your draft away",
        request=None,
        responses=DraftSerializer,
    )
    def post(self, request: Request, code: str, number: int) -> Response:
        discard_draft(find_to_review(request, code, number), actor=reader_of(request))
        return Response(DraftSerializer(FindingDraft(version=0)).data)
