"""The link that a calendar program follows, over the API: made, renewed, ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.domain.link_calendar import link_calendar, unlink_calendar
from accounts.models import CalendarLink
from accounts.reader import reader_of
from core.api import APIView

if TYPE_CHECKING:
    from rest_framework.request import Request

    from accounts.models import User

TAGS = ["profile"]


class CalendarLinkSerializer(serializers.Serializer[None]):
    is_linked = serializers.BooleanField()
    made_at = serializers.DateTimeField(allow_null=True)
    fetched_on = serializers.DateField(allow_null=True, help_text="The last day on which a program fetched it.")


class NewCalendarLinkSerializer(CalendarLinkSerializer):
    secret_url = serializers.CharField(help_text="Shown this once: only its fingerprint is kept.")


class Calendar(APIView):
    for_people = True
    shows_secret = True

    @extend_schema(tags=TAGS, summary="Whether a calendar follows your dates", responses=CalendarLinkSerializer)
    def get(self, request: Request) -> Response:
        return Response(_told(reader_of(request)))

    @extend_schema(
        tags=TAGS,
        summary="Make the link to your calendar; the one before opens nothing any more",
        request=None,
        responses={201: NewCalendarLinkSerializer},
    )
    def post(self, request: Request) -> Response:
        reader = reader_of(request)
        url = f"{settings.PORTAL_URL}{reverse('calendars:feed', args=[link_calendar(reader)])}"
        return Response({**_told(reader), "secret_url": url}, status=201, headers={"Cache-Control": "no-store"})

    @extend_schema(tags=TAGS, summary="End the link to your calendar", responses={200: CalendarLinkSerializer})
    def delete(self, request: Request) -> Response:
        unlink_calendar(reader_of(request))
        return Response(_told(reader_of(request)))


def _told(reader: User) -> dict[str, Any]:
    link = CalendarLink.objects.of(reader).first()
    return {
        "is_linked": link is not None,
        "made_at": link.made_at if link else None,
        "fetched_on": link.fetched_on if link else None,
    }
