"""The customer's side over the API: accept, decline, say that something changed, ask for a new quote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from accounts.permissions import Permission
from accounts.reader import reader_of
from accounts.token_api import proved_at
from core.api import APIView
from core.asked import checked
from pricing.api.quote_shapes import (
    AcceptQuoteSerializer,
    ChangedSerializer,
    DeclineQuoteSerializer,
    QuestionSerializer,
    QuoteSerializer,
    ReceiptSerializer,
)
from pricing.api.quotes import TAGS, quote_shown
from pricing.consent import consent_to
from pricing.domain.accept_quote import accept_quote
from pricing.domain.ask_about_quote import ask_about_quote
from pricing.domain.ask_renewal import ask_renewal
from pricing.domain.decline_quote import decline_quote
from pricing.found import find_quote, find_quote_for

if TYPE_CHECKING:
    from rest_framework.request import Request


class QuoteAccept(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Accept the document you read",
        request=AcceptQuoteSerializer,
        responses={200: ReceiptSerializer},
    )
    def post(self, request: Request, reference: str) -> Response:
        """What is accepted is read from the records, never from what is sent. A browser session needs a fresh proof."""
        quote = find_quote_for(request, reference, Permission.ACCEPT_QUOTE)
        sent = checked(AcceptQuoteSerializer, request.data)
        consent = consent_to(quote, shown_digest=sent["digest"], po_number=sent["po_number"])
        reader, proved = reader_of(request), proved_at(request)
        accepted = accept_quote(quote, actor=reader, authenticated_at=proved, consent=consent)
        return Response(ReceiptSerializer(accepted).data)


class QuoteDecline(APIView):
    @extend_schema(
        tags=TAGS, summary="Decline it, with a reason", request=DeclineQuoteSerializer, responses={200: QuoteSerializer}
    )
    def post(self, request: Request, reference: str) -> Response:
        quote = find_quote_for(request, reference, Permission.ACCEPT_QUOTE)
        return quote_shown(
            decline_quote(quote, actor=reader_of(request), **checked(DeclineQuoteSerializer, request.data))
        )


class QuoteChanged(APIView):
    @extend_schema(
        tags=TAGS, summary="Say that something changed", request=ChangedSerializer, responses={201: QuestionSerializer}
    )
    def post(self, request: Request, reference: str) -> Response:
        quote = find_quote_for(request, reference, Permission.ASK)
        sent = checked(ChangedSerializer, request.data)
        question = ask_about_quote(quote, actor=reader_of(request), text=sent["text"])
        return Response(QuestionSerializer(question).data, status=201)


class QuoteRenew(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Ask for a new quote in place of an expired one",
        request=None,
        responses={201: QuestionSerializer},
    )
    def post(self, request: Request, reference: str) -> Response:
        question = ask_renewal(find_quote_for(request, reference, Permission.ASK), actor=reader_of(request))
        return Response(QuestionSerializer(question).data, status=201)


class QuoteReceipt(APIView):
    @extend_schema(tags=TAGS, summary="Proof of the acceptance", responses=ReceiptSerializer)
    def get(self, request: Request, reference: str) -> Response:
        quote = find_quote(request, reference)
        if not quote.receipt:
            raise NotFound
        return Response(ReceiptSerializer(quote).data)
