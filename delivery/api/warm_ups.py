"""The warm-up of new addresses over the API: set it, read plan and actual of each day, take the proxy's rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.api import APIView
from core.asked import checked
from delivery.domain.set_warm_up import remove_warm_up, set_warm_up, warm_up_of
from delivery.warm_up_state import calendars_of
from discovery.found import find_estate

if TYPE_CHECKING:
    from rest_framework.request import Request

    from delivery.models import WarmUp

TAGS = ["delivery: parallel delivery"]


class NewWarmUp(serializers.Serializer[None]):
    pool = serializers.CharField(max_length=40)
    addresses = serializers.IntegerField(help_text="New addresses in the pool.")
    hosts = serializers.IntegerField(default=1, help_text="Of the proxy: each counts for itself.")
    begins = serializers.DateField()
    providers = serializers.ListField(child=serializers.CharField(max_length=80), max_length=100)


class WarmDaySerializer(serializers.Serializer[Any]):
    day = serializers.DateField()
    step = serializers.IntegerField()
    planned = serializers.IntegerField()
    taken = serializers.IntegerField(allow_null=True, help_text="Null where no log of the day was read.")
    pace = serializers.CharField(help_text="on, hold or back: what the day after may do.")
    why = serializers.CharField()


class CalendarSerializer(serializers.Serializer[Any]):
    provider = serializers.CharField()
    rule = serializers.CharField(help_text="TOML for the proxy's file, from today on.")
    rows = WarmDaySerializer(many=True)


class WarmUpSerializer(serializers.Serializer[Any]):
    """Empty lists where none is set."""

    pool = serializers.CharField(allow_null=True)
    addresses = serializers.IntegerField(allow_null=True)
    hosts = serializers.IntegerField(allow_null=True)
    begins = serializers.DateField(allow_null=True)
    calendars = CalendarSerializer(many=True)


def _told(warm_up: WarmUp | None) -> dict[str, Any]:
    names = ("pool", "addresses", "hosts", "begins")
    calendars = calendars_of(warm_up, timezone.now().date()) if warm_up else []
    told = {**{name: getattr(warm_up, name, None) for name in names}, "calendars": calendars}
    return dict(WarmUpSerializer(told).data)


class WarmUps(APIView):
    @extend_schema(tags=TAGS, summary="The warm-up with its calendars", responses=WarmUpSerializer)
    def get(self, request: Request, code: str) -> Response:
        return Response(_told(warm_up_of(find_estate(request, code))))

    @extend_schema(tags=TAGS, summary="Set the warm-up", request=NewWarmUp, responses={201: WarmUpSerializer})
    def post(self, request: Request, code: str) -> Response:
        """Takes the place of the one before."""
        engagement = find_estate(request, code)
        require(reader_of(request), Permission.WORK_TASK, engagement.organization)
        warm_up = set_warm_up(engagement, actor=reader_of(request), **checked(NewWarmUp, request.data))
        return Response(_told(warm_up), status=201)


class WarmUpRemove(APIView):
    @extend_schema(tags=TAGS, summary="Remove the warm-up", request=None, responses={204: None})
    def post(self, request: Request, code: str) -> Response:
        """409 where there is none. Rules in the proxy's file stay until somebody takes them out."""
        remove_warm_up(find_estate(request, code), actor=reader_of(request))
        return Response(status=204)
