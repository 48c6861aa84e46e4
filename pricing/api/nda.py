"""The NDA over the API: read, choose or hand over, review, record from paper. Signing is for browsers alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.response import Response

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.api import APIView
from core.asked import checked
from core.errors import Conflict, DomainError
from discovery.api.files import SentFile
from engagements.found import find_engagement
from pricing.api.papers import DrawnPaperSerializer
from pricing.domain.choose_nda import request_our_nda
from pricing.domain.record_paper_nda import record_paper_nda
from pricing.domain.review_nda import accept_nda, refuse_the_customer, send_back_nda
from pricing.domain.upload_nda import upload_nda
from pricing.models import Nda, NdaSignature
from pricing.nda_files import pdf_of
from pricing.nda_standing import Standing, standing_of
from pricing.papers import PUT_UP_NDA, latest_paper

if TYPE_CHECKING:
    from rest_framework.request import Request

    from engagements.models import Engagement

TAGS = ["pricing: NDA"]


class NdaSignatureSerializer(serializers.ModelSerializer[NdaSignature]):
    class Meta:
        model = NdaSignature
        fields = ["reference", "side", "typed_name", "role_title", "signed_at", "document_digest", "chain_digest"]
        read_only_fields = fields


class NdaSerializer(serializers.ModelSerializer[Nda]):
    due_at = serializers.DateTimeField(source="clock_due_at", allow_null=True, read_only=True)
    signatures = NdaSignatureSerializer(many=True, read_only=True)

    class Meta:
        model = Nda
        fields = [
            "number",
            "kind",
            "state",
            "digest",
            "byte_count",
            "filename",
            "asked_at",
            "clock_started_at",
            "clock_stopped_at",
            "due_at",
            "note",
            "signed_on",
            "signatures",
        ]
        read_only_fields = fields


class StandingSerializer(serializers.Serializer[Standing]):
    """`nda` is null until one is chosen; `whose_turn` says who must do what by when, and is empty once it is signed."""

    is_signed = serializers.BooleanField()
    whose_turn = serializers.CharField()
    nda = NdaSerializer(allow_null=True)
    paper = serializers.SerializerMethodField(help_text="The practice's text that was asked for last, as it is made.")

    @extend_schema_field(DrawnPaperSerializer(allow_null=True))
    def get_paper(self, standing: Standing) -> Any:
        job = latest_paper(standing.engagement, PUT_UP_NDA)
        return DrawnPaperSerializer(job).data if job else None


class ChosenTextSerializer(serializers.Serializer[Any]):
    """`ours` is the practice's text; `theirs` the customer's, which needs `pdf` in a form."""

    kind = serializers.ChoiceField([Nda.Kind.OURS, Nda.Kind.THEIRS])
    pdf = SentFile(required=False, allow_empty_file=True)


class ReviewedSerializer(serializers.Serializer[Any]):
    """`digest` is that of the PDF you read; sending back needs the reason."""

    act = serializers.ChoiceField(["accept", "send_back"])
    digest = serializers.CharField(max_length=64)
    reason = serializers.CharField(required=False, default="", allow_blank=True)


class PaperSerializer(serializers.Serializer[Any]):
    pdf = SentFile(allow_empty_file=True)
    signed_on = serializers.DateField()
    reason = serializers.CharField()


def _shown(engagement: Engagement, *, status: int = 200) -> Response:
    return Response(StandingSerializer(standing_of(engagement)).data, status=status)


class NdaDetail(APIView):
    parser_classes = [JSONParser, MultiPartParser]

    @extend_schema(tags=TAGS, summary="Where the NDA stands", responses=StandingSerializer)
    def get(self, request: Request, code: str) -> Response:
        """Signing needs a fresh proof of who signs, so it is done in a browser."""
        return _shown(find_engagement(request, code))

    @extend_schema(
        tags=TAGS,
        summary="Choose the practice's NDA, or hand over one of the customer's",
        request={"application/json": ChosenTextSerializer, "multipart/form-data": ChosenTextSerializer},
        responses={201: StandingSerializer, 202: StandingSerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        """The practice's text is made by a worker (202): `paper` says how far it is, and `nda` is there afterwards."""
        engagement, reader = find_engagement(request, code), reader_of(request)
        require(reader, Permission.SIGN_NDA, engagement.organization)
        sent = checked(ChosenTextSerializer, request.data)
        if sent["kind"] == Nda.Kind.OURS:
            is_up = request_our_nda(engagement, actor=reader) is None
            return _shown(engagement, status=201 if is_up else 202)
        if (pdf := sent.get("pdf")) is None:
            raise DomainError("Send the file as “pdf” in multipart/form-data.")
        upload_nda(engagement, filename=pdf.name, content_file=pdf.file, actor=reader)
        return _shown(engagement, status=201)


class NdaPdf(APIView):
    @extend_schema(
        tags=TAGS,
        summary="The stored bytes of the NDA that counts",
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, code: str) -> HttpResponse:
        nda = standing_of(find_engagement(request, code)).nda
        if nda is None:
            raise NotFound
        return HttpResponse(pdf_of(nda), content_type="application/pdf", headers={"ETag": f'"{nda.digest}"'})


class NdaReview(APIView):
    @extend_schema(
        tags=TAGS, summary="Answer the customer's NDA", request=ReviewedSerializer, responses={200: StandingSerializer}
    )
    def post(self, request: Request, code: str) -> Response:
        engagement, reader = find_engagement(request, code), reader_of(request)
        refuse_the_customer(reader, engagement)
        standing = standing_of(engagement)
        if standing.nda is None or not standing.is_in_review:
            raise Conflict("No NDA waits for a review. Nothing was changed.")
        sent = checked(ReviewedSerializer, request.data)
        if sent["act"] == "accept":
            accept_nda(standing.nda, actor=reader, shown_digest=sent["digest"])
        else:
            send_back_nda(standing.nda, actor=reader, reason=sent["reason"], shown_digest=sent["digest"])
        return _shown(engagement)


class NdaPaper(APIView):
    parser_classes = [MultiPartParser]

    @extend_schema(
        tags=TAGS,
        summary="Record an NDA signed outside the portal",
        request={"multipart/form-data": PaperSerializer},
        responses={201: StandingSerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        engagement, reader = find_engagement(request, code), reader_of(request)
        require(reader, Permission.OVERRIDE_CHECK, engagement.organization)
        sent = checked(PaperSerializer, request.data)
        pdf = sent.pop("pdf")
        record_paper_nda(engagement, filename=pdf.name, content_file=pdf.file, actor=reader, **sent)
        return _shown(engagement, status=201)
