"""Days that the practice spent on an engagement, over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.reader import reader_of
from core.api import APIView
from core.asked import checked
from delivery.domain.person_words import MOST_LETTERS
from reports.days_found import find_spent
from reports.domain.note_days import note_days
from reports.models import DaysSpent

if TYPE_CHECKING:
    from rest_framework.request import Request

TAGS = ["reports: days"]


class DaysSpentSerializer(serializers.ModelSerializer[DaysSpent]):
    noted_by = serializers.CharField(source="noted_by.full_name", read_only=True)

    class Meta:
        model = DaysSpent
        fields = ["phase", "days", "note", "noted_at", "noted_by"]
        read_only_fields = fields


class NewDaysSpent(serializers.Serializer[None]):
    phase = serializers.IntegerField(min_value=1, max_value=5)
    days = serializers.DecimalField(max_digits=5, decimal_places=1, help_text="In half days; below zero takes back.")
    note = serializers.CharField(max_length=MOST_LETTERS)


class DaysSpentList(APIView):
    @extend_schema(tags=TAGS, summary="The days noted, the latest first", responses=DaysSpentSerializer(many=True))
    def get(self, request: Request, code: str) -> Response:
        engagement = find_spent(request, code)
        rows = DaysSpent.objects.visible_to(reader_of(request)).filter(engagement=engagement)
        return Response(DaysSpentSerializer(rows.select_related("noted_by"), many=True).data)

    @extend_schema(tags=TAGS, summary="Note days", request=NewDaysSpent, responses={201: DaysSpentSerializer})
    def post(self, request: Request, code: str) -> Response:
        engagement = find_spent(request, code)
        noted = note_days(engagement, actor=reader_of(request), **checked(NewDaysSpent, request.data))
        return Response(DaysSpentSerializer(noted).data, status=201)
