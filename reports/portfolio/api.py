"""The figures of the practice over the API, the list behind each, and what the pages change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.response import Response

from core.api import APIView
from core.asked import checked
from core.paging import PageAsked, Pages
from pricing.figures import ALL
from reports.domain.publish_figure import publish_figure, withdraw_figure
from reports.domain.tell_portfolio import subscribe, unsubscribe
from reports.portfolio.book import definitions
from reports.portfolio.counted import items_of
from reports.portfolio.items import narrowed
from reports.portfolio.kept import kept_overview
from reports.portfolio.public import published_keys
from reports.portfolio.readers import reader_of_portfolio, scope_of
from reports.portfolio.records import facts_of

if TYPE_CHECKING:
    from rest_framework.request import Request

    from reports.portfolio.items import Item
    from reports.portfolio.readers import Scope

TAGS = ["reports: portfolio"]
MARKS = ("tier", "number", "month")


class PortfolioFilter(serializers.Serializer[None]):
    period = serializers.CharField(default=ALL, allow_blank=True, help_text="2026, 2026-Q4, or all.")


class PortfolioItemFilter(PortfolioFilter):
    tier = serializers.CharField(required=False, allow_blank=True, help_text="Of phases: the label of the tier.")
    number = serializers.CharField(required=False, help_text="Of gates and phases: 1 to 5.")
    month = serializers.CharField(required=False, help_text="Of what happened in months: 2026-10.")


class PortfolioFigureSerializer(serializers.Serializer[Any]):
    """`count` is the length of the figure's list, `among` of the one it is a part of; `text` is what the page shows."""

    key = serializers.CharField()
    group = serializers.CharField(source="definition.group")
    title = serializers.CharField(source="definition.label")
    definition = serializers.CharField(source="definition.definition")
    counts = serializers.CharField(source="definition.counts")
    count = serializers.IntegerField()
    among = serializers.IntegerField(allow_null=True)
    text = serializers.CharField()


class PortfolioItemSerializer(serializers.Serializer[Any]):
    engagement = serializers.CharField(source="of.code")
    customer = serializers.CharField(source="of.customer")
    what = serializers.CharField(help_text="The gate or phase; empty where engagements are counted.")
    detail = serializers.CharField()
    begun = serializers.DateField(source="of.begun")
    phase = serializers.CharField(source="of.phase")


class NewPublication(serializers.Serializer[None]):
    figure = serializers.CharField(max_length=40)
    is_public = serializers.BooleanField()


class PublishedSerializer(serializers.Serializer[Any]):
    figures = serializers.ListField(child=serializers.CharField(), help_text="Keys of what is on the public page.")


class NewSubscription(serializers.Serializer[None]):
    wants = serializers.BooleanField(help_text="Whether the figures of each month come by mail.")


def _scope(request: Request, asked: str) -> Scope:
    scope = scope_of(reader_of_portfolio(request), asked, timezone.now())
    if scope.period.key != asked:
        raise serializers.ValidationError({"period": f"No engagement was recorded in “{asked}”."})
    return scope


class PortfolioFigures(APIView):
    @extend_schema(
        tags=TAGS,
        summary="The figures, with their definitions",
        parameters=[PortfolioFilter],
        responses=PortfolioFigureSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        reader = reader_of_portfolio(request)
        scope = _scope(request, checked(PortfolioFilter, request.query_params)["period"])
        figures = kept_overview(scope, reader).overview.figures
        return Response(PortfolioFigureSerializer(figures, many=True).data)


# Its rows come from no table, so the generator does not see that it is a list.
PAGE_OF_ITEMS = inline_serializer(
    "PortfolioItemPage",
    {
        "count": serializers.IntegerField(),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": PortfolioItemSerializer(many=True),
    },
)


class PortfolioFigure(APIView):
    row_name = ("of.code", "what")

    @extend_schema(
        tags=TAGS,
        summary="The cases that a figure counts, a page at a time",
        parameters=[PortfolioItemFilter, PageAsked],
        responses=PAGE_OF_ITEMS,
    )
    def get(self, request: Request, figure: str) -> Response:
        reader_of_portfolio(request)
        if figure not in definitions():
            raise Http404
        asked = checked(PortfolioItemFilter, request.query_params)
        facts = facts_of(_scope(request, asked["period"]).engagements)
        items = narrowed(items_of(figure, facts), {name: asked[name] for name in MARKS if name in asked})
        pages = Pages()
        page = cast("list[Item]", pages.paginate_queryset(cast("Any", items), request, view=self))
        return pages.get_paginated_response(PortfolioItemSerializer(page, many=True).data)


class PortfolioPublished(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Put a figure on the public page, or take it off",
        request=NewPublication,
        responses=PublishedSerializer,
    )
    def post(self, request: Request) -> Response:
        reader = reader_of_portfolio(request)
        sent = checked(NewPublication, request.data)
        act = publish_figure if sent["is_public"] else withdraw_figure
        act(sent["figure"], actor=reader)
        return Response(PublishedSerializer({"figures": sorted(published_keys())}).data)


class PortfolioSubscriptions(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Get the figures of each month by mail, or not",
        request=NewSubscription,
        responses={204: None},
    )
    def post(self, request: Request) -> Response:
        reader = reader_of_portfolio(request)
        act = subscribe if checked(NewSubscription, request.data)["wants"] else unsubscribe
        act(reader)
        return Response(status=204)
