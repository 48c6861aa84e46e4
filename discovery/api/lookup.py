"""Lookups over the API: what becomes of an address, a name or a header line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from accounts.reader import reader_of
from core.api import APIView
from core.asked import checked
from discovery.found import find_estate
from discovery.lookup.desks import NoDeskError
from discovery.lookup.lookup import UnknownParameterError
from discovery.lookup_form import LONGEST
from discovery.models import Upload
from discovery.stored_bundle import Question, ask_upload

if TYPE_CHECKING:
    from rest_framework.request import Request


class LookupAsked(serializers.Serializer[None]):
    host = serializers.CharField(help_text="The host whose latest upload is asked.")
    parameter = serializers.CharField(help_text="A table or list, such as transport_maps or check_sender_access.")
    key = serializers.CharField(
        max_length=LONGEST, help_text="An address, a name, a header line, or <> for the null sender."
    )
    instance = serializers.CharField(  # type: ignore[assignment]  # DRF takes a declared field off the class
        required=False, default="", help_text="Which instance, where the host has several."
    )
    service = serializers.CharField(
        required=False, default="", help_text="As this service of master.cf sees it, such as submission/inet."
    )


class StepSerializer(serializers.Serializer[None]):
    key = serializers.CharField()
    because = serializers.CharField(help_text="What this key is.")
    table = serializers.CharField()
    outcome = serializers.ChoiceField(["found", "absent", "asks", "unread", "slow", "fails"])
    value = serializers.CharField()
    file = serializers.CharField()
    line = serializers.IntegerField()
    text = serializers.CharField(help_text="The line of the rule, where it fired.")
    note = serializers.CharField()


class SearchSerializer(serializers.Serializer[None]):
    subject = serializers.CharField()
    parameter = serializers.CharField()
    steps = StepSerializer(many=True)
    left_out = serializers.IntegerField(
        help_text="How many steps were taken and are not listed: those past the first 200 that decide nothing."
    )


class SpotSerializer(serializers.Serializer[None]):
    parameter = serializers.CharField()
    value = serializers.CharField()
    file = serializers.CharField()
    line = serializers.IntegerField()


class LookupSerializer(serializers.Serializer[None]):
    upload = serializers.IntegerField()
    parameter = serializers.CharField()
    key = serializers.CharField()
    outcome = serializers.ChoiceField(["fired", "nothing", "open"])
    condition = serializers.CharField(help_text="What has to hold for the meaning to be true; empty where it holds.")
    meaning = serializers.CharField()
    fields = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]  # DRF takes a declared field off the class
    becomes = serializers.ListField(child=serializers.CharField())
    rule = StepSerializer(allow_null=True)
    set_at = SpotSerializer(many=True)
    searches = SearchSerializer(many=True)
    unknown = StepSerializer(many=True)
    notes = serializers.ListField(child=serializers.CharField())
    lines_read = serializers.IntegerField()
    services_that_differ = serializers.ListField(child=serializers.CharField())


class LookUp(APIView):
    @extend_schema(
        tags=["discovery: inventory"],
        summary="What Postfix would find for an address, a name or a header line",
        parameters=[LookupAsked],
        responses=LookupSerializer,
    )
    def get(self, request: Request, code: str) -> Response:
        """From the latest upload of the host alone: nothing is asked of a server, and nothing is stored."""
        engagement = find_estate(request, code)
        asked = checked(LookupAsked, request.query_params)
        known = Upload.objects.visible_to(reader_of(request)).filter(engagement=engagement).current()
        upload = get_object_or_404(known, host_label=asked["host"])
        question = Question(asked["instance"], asked["service"], asked["parameter"], asked["key"])
        try:
            found = ask_upload(upload, question, reader=reader_of(request))
        except NoDeskError as error:
            raise ValidationError({"instance": [str(error)]}) from error
        except UnknownParameterError as error:
            raise ValidationError({"parameter": [str(error)]}) from error
        told = {"upload": upload.number, **found.lookup.as_json(), "services_that_differ": list(found.differing)}
        return Response(told)
