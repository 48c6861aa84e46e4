"""A request from the website over the API, and the calls that are booked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import checked
from pricing.api.request_shapes import PointsSerializer, points_in
from pricing.api.requests import require_sales
from pricing.clocks import clock_of
from pricing.domain.keep_intake import intake_url
from pricing.domain.publish_call_times import CallTimes, publish_call_times
from pricing.domain.record_request import Contact
from pricing.domain.send_intake import Asked, take_intake
from pricing.models import Call
from pricing.models import Request as Recorded
from pricing.models.call import LONGEST, SHORTEST
from pricing.start_forms import refuse_links, refuse_no_number

if TYPE_CHECKING:
    from datetime import time

    from django.db.models import QuerySet
    from rest_framework.request import Request

    from accounts.models import User

TAGS = ["pricing: intake"]


class NameField(serializers.CharField):
    def to_internal_value(self, data: Any) -> str:
        name = " ".join(str(super().to_internal_value(data)).split())
        try:
            refuse_links(name)
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from error
        return name


class ZoneField(serializers.CharField):
    def to_internal_value(self, data: Any) -> str:
        zone = str(super().to_internal_value(data))
        if zone not in available_timezones():
            raise serializers.ValidationError("Send the name of a time zone, for example Europe/Madrid.")
        return zone


class IntakeSerializer(serializers.Serializer[Any]):
    """`wished` is a free time for a call; whoever comes too late has the request taken without it."""

    company = NameField(max_length=100)
    contact_name = NameField(max_length=100)
    contact_email = serializers.EmailField(max_length=254)
    time_zone = ZoneField(max_length=60)
    points = PointsSerializer()
    wished = serializers.DateTimeField(required=False, allow_null=True, default=None)
    telephone = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=40, help_text="Called at the time in `wished`."
    )

    def validate_telephone(self, number: str) -> str:
        if number:
            refuse_links(number)
            refuse_no_number(number)
        return number

    def validate(self, sent: dict[str, Any]) -> dict[str, Any]:
        if sent["wished"] and not sent["telephone"]:
            raise serializers.ValidationError({"telephone": "Send the number to call at the time in `wished`."})
        return sent


class TakenSerializer(serializers.Serializer[Any]):
    """`link` opens the request to whoever has it. `due_at` is null while a data point is missing.

    What is joined changes nothing before the contact confirms it by the link in their mail, so it says nothing of the
    request that is there: `link` shows the reference, `missing` is of what was sent, `due_at` and `call_at` are null.
    """

    reference = serializers.CharField()
    is_joined = serializers.BooleanField()
    missing = serializers.ListField(child=serializers.CharField())
    due_at = serializers.DateTimeField(allow_null=True)
    call_at = serializers.DateTimeField(allow_null=True)
    link = serializers.URLField()


class CallSerializer(serializers.Serializer[Any]):
    reference = serializers.CharField(source="request.engagement.code")
    customer = serializers.CharField(source="request.engagement.organization.name")
    contact_name = serializers.CharField(source="request.contact_name")
    contact_email = serializers.EmailField(source="request.contact_email")
    person = serializers.CharField(source="person.full_name")
    starts_at = serializers.DateTimeField()
    minutes = serializers.IntegerField()
    telephone = serializers.CharField()
    time_zone = serializers.CharField()


class HoursSerializer(serializers.Serializer[Any]):
    """`weekday` 0 is Monday; the hours are those of the practice's zone."""

    weekday = serializers.IntegerField(min_value=0, max_value=6)
    starts = serializers.TimeField()
    ends = serializers.TimeField()


class CallTimesSerializer(serializers.Serializer[Any]):
    hours = HoursSerializer(many=True)
    minutes = serializers.IntegerField(min_value=SHORTEST, max_value=LONGEST)
    days_off = serializers.ListField(child=serializers.DateField(), default=list, max_length=100)


class CallTimesDetail(APIView):
    @extend_schema(tags=TAGS, summary="When you take calls", responses=CallTimesSerializer)
    def get(self, request: Request) -> Response:
        require_sales(request)
        return Response(_times_of(reader_of(request)))

    @extend_schema(
        tags=TAGS,
        summary="Publish when you take calls",
        request=CallTimesSerializer,
        responses={200: CallTimesSerializer},
    )
    def post(self, request: Request) -> Response:
        require_sales(request)
        sent = checked(CallTimesSerializer, request.data)
        week: dict[int, list[tuple[time, time]]] = {}
        for one in sent["hours"]:
            week.setdefault(one["weekday"], []).append((one["starts"], one["ends"]))
        publish_call_times(reader_of(request), times=CallTimes(week, sent["minutes"], sent["days_off"]))
        return Response(_times_of(reader_of(request)))


def _times_of(person: User) -> dict[str, Any]:
    windows = list(person.call_windows.all())
    times = {
        "hours": windows,
        "minutes": windows[0].minutes if windows else SHORTEST,
        "days_off": [row.day for row in person.call_days_off.all()],
    }
    return dict(CallTimesSerializer(times).data)


class IntakeList(APIView):
    @extend_schema(
        tags=TAGS, summary="Take a request of the website", request=IntakeSerializer, responses={201: TakenSerializer}
    )
    def post(self, request: Request) -> Response:
        require_sales(request)
        sent = checked(IntakeSerializer, request.data)
        contact = Contact(sent["contact_name"], sent["contact_email"].lower(), Recorded.Source.WEBSITE)
        asked = Asked(
            sent["company"], sent["time_zone"], contact, points_in(sent["points"]), sent["wished"], sent["telephone"]
        )
        token, intake = take_intake(asked, actor=reader_of(request))
        recorded = Recorded.objects.visible_to(reader_of(request)).with_clock().get(intakes=intake)
        is_shown = not intake.is_joined
        clock = clock_of(recorded) if is_shown else None
        call = recorded.calls.booked().first() if is_shown else None
        taken = {
            "reference": recorded.engagement.code,
            "is_joined": intake.is_joined,
            "missing": asked.points.missing,
            "due_at": clock.due_at if clock else None,
            "call_at": call.starts_at if call else None,
            "link": intake_url(token),
        }
        return Response(TakenSerializer(taken).data, status=201)


class CallList(ListAPIView[Call]):
    """The calls to come, soonest first."""

    serializer_class = CallSerializer
    queryset = Call.objects.none()  # visible to all: it is empty, for the schema alone

    @extend_schema(tags=TAGS, summary="Calls that are booked")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        require_sales(request)
        return super().get(request, *arguments, **keywords)

    def get_queryset(self) -> QuerySet[Call]:
        visible = Call.objects.visible_to(reader_of(self.request)).to_come()
        return visible.select_related("person", "request__engagement__organization")
