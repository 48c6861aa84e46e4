"""Quotes over the API: read by both sides, sent, revised and withdrawn by sales."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from accounts.permissions import Permission
from accounts.reader import reader_of
from accounts.token_api import proved_at
from core.api import APIView, ListAPIView
from core.asked import checked
from pricing.api.papers import DrawnPaperSerializer, paper_shown
from pricing.api.quote_shapes import QuoteRowSerializer, QuoteSerializer, SendSerializer, WhySerializer
from pricing.domain.revise_quote import revise_quote, withdraw_quote
from pricing.domain.send_quote import request_sending
from pricing.found import find_quote, find_quote_for
from pricing.models import Quote
from pricing.papers import REDATE_QUOTE, SEND_QUOTE, latest_paper
from pricing.queries import quotes_read_by
from pricing.quote_list import ROW

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

TAGS = ["pricing: quotes"]


class QuoteFilter(serializers.Serializer[None]):
    state = serializers.ChoiceField(Quote.State.choices, required=False)
    code = serializers.CharField(required=False, help_text="Of an engagement.")


class QuoteList(ListAPIView[Quote]):
    serializer_class = QuoteRowSerializer

    def get_queryset(self) -> QuerySet[Quote]:
        asked = checked(QuoteFilter, self.request.query_params)
        if code := asked.pop("code", ""):
            asked["engagement__code"] = code
        readable = quotes_read_by(reader_of(self.request)).filter(**asked)
        return readable.select_related("engagement__organization").only(*ROW)

    @extend_schema(tags=TAGS, summary="The quotes you may read, the newest first", parameters=[QuoteFilter])
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)


class QuoteDetail(APIView):
    @extend_schema(tags=TAGS, summary="One quote", responses=QuoteSerializer)
    def get(self, request: Request, reference: str) -> Response:
        return quote_shown(find_quote(request, reference))


class QuotePdf(APIView):
    @extend_schema(
        tags=TAGS,
        summary="The stored bytes, exactly as they were sent",
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, reference: str) -> HttpResponse:
        """A draft has none yet."""
        document = find_quote(request, reference).document
        if document is None:
            raise NotFound
        headers = {"ETag": f'"{document.digest}"'}
        return HttpResponse(bytes(document.pdf), content_type="application/pdf", headers=headers)


class QuoteSend(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Send the draft you reviewed",
        request=SendSerializer,
        responses={202: DrawnPaperSerializer},
    )
    def post(self, request: Request, reference: str) -> Response:
        """Its PDF is made by a worker; the quote is sent when it is there. Ask `paper` how far it is.

        A browser session needs a fresh proof.
        """
        quote = find_quote_for(request, reference, Permission.SEND_QUOTE)
        sent = checked(SendSerializer, request.data)
        reader, proved = reader_of(request), proved_at(request)
        return paper_shown(request_sending(quote, actor=reader, authenticated_at=proved, shown_digest=sent["digest"]))


class QuotePaper(APIView):
    @extend_schema(tags=TAGS, summary="How far the PDF is that was asked for last", responses=DrawnPaperSerializer)
    def get(self, request: Request, reference: str) -> Response:
        """`result` names the quote that was sent with it."""
        quote = find_quote_for(request, reference, Permission.SEND_QUOTE)
        job = latest_paper(quote, SEND_QUOTE, REDATE_QUOTE)
        if job is None:
            raise NotFound
        return Response(DrawnPaperSerializer(job).data)


class QuoteRevise(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Retire it and draft the next revision",
        request=None,
        responses={201: QuoteSerializer},
    )
    def post(self, request: Request, reference: str) -> Response:
        revision = revise_quote(find_quote_for(request, reference, Permission.SEND_QUOTE), actor=reader_of(request))
        return quote_shown(revision, status=201)


class QuoteWithdraw(APIView):
    @extend_schema(
        tags=TAGS, summary="Take it back, with a reason", request=WhySerializer, responses={200: QuoteSerializer}
    )
    def post(self, request: Request, reference: str) -> Response:
        quote = find_quote_for(request, reference, Permission.SEND_QUOTE)
        sent = checked(WhySerializer, request.data)
        return quote_shown(withdraw_quote(quote, actor=reader_of(request), reason=sent["reason"]))


def quote_shown(quote: Quote, *, status: int = 200) -> Response:
    return Response(QuoteSerializer(quote).data, status=status)
