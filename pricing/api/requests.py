"""Requests over the API: the pipeline, one request and its data points, what they lead to, the advice to stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from accounts.models import Organization
from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import at_version, checked, version_seen
from engagements.models import Engagement
from pricing.api.papers import DrawnPaperSerializer, paper_shown
from pricing.api.quote_shapes import QuoteSerializer, WhySerializer
from pricing.api.request_shapes import (
    ChangeRequestSerializer,
    LeadsToSerializer,
    NewRequestSerializer,
    PreviewSerializer,
    RequestDetailSerializer,
    RequestSerializer,
    contact_in,
    points_in,
)
from pricing.calculation.proposal import work_out
from pricing.content import offer_content
from pricing.domain.advise_stay import refund_due, request_advice
from pricing.domain.draft_quote import draft_quote
from pricing.domain.record_request import NewCustomer, change_request, record_request
from pricing.found import find_request
from pricing.in_force import book_now
from pricing.models import Quote
from pricing.models import Request as Asked
from pricing.papers import ADVISE_STAY, latest_paper

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

    from pricing.calculation.facts import DataPoints

TAGS = ["pricing: requests"]


def require_sales(request: Request) -> None:
    """Requests are the practice's own: whoever may record them may see them all."""
    require(reader_of(request), Permission.EDIT_REQUEST, Organization.objects.consultancy())


def led_to_by(points: DataPoints) -> dict[str, Any]:
    book = book_now()
    return {"missing": points.missing, "offer": offer_content(work_out(points, book), book)}


class RequestFilter(serializers.Serializer[None]):
    phase = serializers.ChoiceField(Engagement.Phase.choices, required=False)


class RequestList(ListAPIView[Asked]):
    queryset = Asked.objects.none()  # tells the schema its model without asking a database
    serializer_class = RequestSerializer

    def get_queryset(self) -> QuerySet[Asked]:
        require_sales(self.request)
        asked = checked(RequestFilter, self.request.query_params)
        narrowed = {f"engagement__{name}": value for name, value in asked.items()}
        visible = Asked.objects.visible_to(reader_of(self.request)).filter(**narrowed).with_clock()
        return visible.select_related("engagement__organization", "owner", "changed_by")

    @extend_schema(tags=TAGS, summary="Requests, the latest first", parameters=[RequestFilter])
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(
        tags=TAGS, summary="Record a request", request=NewRequestSerializer, responses={201: RequestSerializer}
    )
    def post(self, request: Request) -> Response:
        require_sales(request)
        sent = checked(NewRequestSerializer, request.data)
        saved = record_request(
            _customer_in(request, sent),
            actor=reader_of(request),
            contact=contact_in(sent),
            points=points_in(sent["points"]),
        )
        shown = find_request(request, saved.engagement.code)
        return at_version(RequestSerializer(shown).data, shown.version, status=201)


class Preview(APIView):
    @extend_schema(
        operation_id="preview_request",
        tags=TAGS,
        summary="What data points lead to; saves nothing",
        request=PreviewSerializer,
        responses={200: LeadsToSerializer},
    )
    def post(self, request: Request) -> Response:
        require_sales(request)
        sent = checked(PreviewSerializer, request.data)
        return Response(LeadsToSerializer(led_to_by(points_in(sent["points"]))).data)


class RequestDetail(APIView):
    @extend_schema(tags=TAGS, summary="One request, and what it leads to", responses=RequestDetailSerializer)
    def get(self, request: Request, code: str) -> Response:
        found = find_request(request, code)
        require(reader_of(request), Permission.VIEW_QUOTE, found.engagement.organization)
        return _shown(request, found)

    @extend_schema(
        operation_id="change_request",
        tags=TAGS,
        summary="Complete or correct the data points",
        request=ChangeRequestSerializer,
        responses={200: RequestDetailSerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        found = find_request(request, code)
        require(reader_of(request), Permission.EDIT_REQUEST, found.engagement.organization)
        sent = checked(ChangeRequestSerializer, request.data)
        change_request(
            found,
            actor=reader_of(request),
            contact=contact_in(sent),
            points=points_in(sent["points"]),
            shown_version=version_seen(request, sent),
        )
        return _shown(request, find_request(request, code))


class RequestDraft(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Draft the quote, or bring its draft up to date",
        request=None,
        responses={201: QuoteSerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        quote = draft_quote(find_request(request, code), actor=reader_of(request))
        return Response(QuoteSerializer(quote).data, status=201)


class RequestStay(APIView):
    @extend_schema(
        tags=TAGS, summary="Advise to stay on Postfix", request=WhySerializer, responses={202: DrawnPaperSerializer}
    )
    def post(self, request: Request, code: str) -> Response:
        """Its PDF is made by a worker; it is sent when it is there. Ask `paper` how far it is."""
        found = find_request(request, code)
        require(reader_of(request), Permission.ADVISE_STAY, found.engagement.organization)
        sent = checked(WhySerializer, request.data)
        return paper_shown(request_advice(found, actor=reader_of(request), note=sent["reason"]))


class RequestPaper(APIView):
    @extend_schema(tags=TAGS, summary="How far the advice to stay is", responses=DrawnPaperSerializer)
    def get(self, request: Request, code: str) -> Response:
        """`result` names the document that was sent."""
        found = find_request(request, code)
        require(reader_of(request), Permission.ADVISE_STAY, found.engagement.organization)
        job = latest_paper(found, ADVISE_STAY)
        if job is None:
            raise NotFound
        return Response(DrawnPaperSerializer(job).data)


def _customer_in(request: Request, sent: dict[str, Any]) -> Organization | NewCustomer:
    if "new_customer" in sent:
        return NewCustomer(**sent["new_customer"])
    known = Organization.objects.visible_to(reader_of(request)).customers().filter(name=sent["organization"]).first()
    if known is None:
        raise serializers.ValidationError({"organization": f"No customer is called “{sent['organization']}”."})
    return known


def _shown(request: Request, found: Asked) -> Response:
    quotes = Quote.objects.visible_to(reader_of(request)).filter(engagement=found.engagement)
    shown = {
        "request": found,
        "leads_to": led_to_by(found.points),
        "quotes": quotes.values_list("reference", flat=True),
        "refund": refund_due(found.engagement),
    }
    return at_version(RequestDetailSerializer(shown).data, found.version)
