"""The calls and hours of a plan alone, over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.api import APIView
from core.asked import checked
from engagements.found import find_engagement
from pricing.api.quote_shapes import WhySerializer
from pricing.balance import balances_of
from pricing.domain.book_balance import Booking, book_balance, take_back_booking
from pricing.models import BalanceEntry

if TYPE_CHECKING:
    from rest_framework.request import Request

TAGS = ["pricing: calls and hours"]


class BalanceSerializer(serializers.Serializer[Any]):
    """Calls, or minutes of questions."""

    kind = serializers.ChoiceField(BalanceEntry.Kind.choices)
    granted = serializers.IntegerField()
    left = serializers.IntegerField()


class BalanceEntrySerializer(serializers.ModelSerializer[BalanceEntry]):
    """`units` are calls or minutes, below zero in an entry that takes the one in `undoes` back."""

    booked_by = serializers.CharField(source="booked_by.full_name", read_only=True)

    class Meta:
        model = BalanceEntry
        fields = ["id", "kind", "units", "is_on_us", "left", "on_day", "with_whom", "note", "undoes", "booked_by"]
        read_only_fields = fields


class BalancesSerializer(serializers.Serializer[Any]):
    balances = BalanceSerializer(many=True)
    entries = BalanceEntrySerializer(many=True)


class BookingSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(BalanceEntry.Kind.choices)
    units = serializers.IntegerField(default=1, help_text="Minutes of questions; 1 for a call.")
    on_day = serializers.DateField()
    with_whom = serializers.CharField(max_length=200)
    note = serializers.CharField(max_length=2000)
    is_on_us = serializers.BooleanField(default=False)


class BalanceDetail(APIView):
    @extend_schema(tags=TAGS, summary="What is left, and what was booked", responses=BalancesSerializer)
    def get(self, request: Request, code: str) -> Response:
        engagement = find_engagement(request, code)
        entries = BalanceEntry.objects.visible_to(reader_of(request)).filter(engagement=engagement)
        shown = {"balances": balances_of(engagement), "entries": entries.select_related("booked_by")}
        return Response(BalancesSerializer(shown).data)

    @extend_schema(
        tags=TAGS,
        summary="Book a call or minutes",
        request=BookingSerializer,
        responses={201: BalanceEntrySerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        engagement = find_engagement(request, code)
        require(reader_of(request), Permission.WORK_TASK, engagement.organization)
        booking = Booking(**checked(BookingSerializer, request.data))
        entry = book_balance(engagement, actor=reader_of(request), booking=booking)
        return Response(BalanceEntrySerializer(entry).data, status=201)


class BalanceUndo(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Take a booking back",
        request=WhySerializer,
        responses={201: BalanceEntrySerializer},
    )
    def post(self, request: Request, code: str, entry: int) -> Response:
        engagement = find_engagement(request, code)
        visible = BalanceEntry.objects.visible_to(reader_of(request)).filter(engagement=engagement)
        booked = get_object_or_404(visible, pk=entry)
        require(reader_of(request), Permission.WORK_TASK, engagement.organization)
        sent = checked(WhySerializer, request.data)
        counter = take_back_booking(booked, actor=reader_of(request), reason=sent["reason"])
        return Response(BalanceEntrySerializer(counter).data, status=201)
