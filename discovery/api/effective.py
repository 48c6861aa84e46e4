"""What an upload says its Postfix runs with, over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core.api import APIView
from core.asked import checked
from discovery.effective_values import DOUBTS, FATES, LONGEST, SHOWN, EffectiveFilter, as_plain, findings_beside
from discovery.found import find_effective_view, find_estate, find_instances, find_upload, instance_named, stored_upload

if TYPE_CHECKING:
    from rest_framework.request import Request

    from discovery.models import Instance, Upload


class EffectiveAsked(serializers.Serializer[None]):
    instance = serializers.CharField(  # type: ignore[assignment]  # DRF takes a declared field off the class
        required=False, help_text="One Postfix instance; without it the first."
    )
    service = serializers.CharField(
        required=False,
        allow_blank=True,
        help_text="A service with options of its own, such as smtp/inet; without it main.cf alone.",
    )
    show = serializers.ChoiceField(list(SHOWN), required=False)
    text = serializers.CharField(required=False, max_length=LONGEST, help_text="In the name or the value.")


class ValueSerializer(serializers.Serializer[None]):
    value = serializers.CharField()
    reason = serializers.CharField()
    file = serializers.CharField()
    line = serializers.IntegerField()


class OptionSerializer(serializers.Serializer[None]):
    service = serializers.CharField()
    name = serializers.CharField()
    value = serializers.CharField()
    file = serializers.CharField()
    line = serializers.IntegerField()
    fate = serializers.ChoiceField(list(FATES))


class EffectiveSerializer(serializers.Serializer[None]):
    name = serializers.CharField()
    values = ValueSerializer(many=True, help_text="Several where the version of Postfix decides and is not known.")
    is_set = serializers.BooleanField()
    is_default = serializers.BooleanField()
    file = serializers.CharField(help_text="Of the line in main.cf, empty without one.")
    line = serializers.IntegerField()
    doubt = serializers.ChoiceField(["", *DOUBTS], help_text="Why the line in main.cf does nothing; empty if it acts.")
    options = OptionSerializer(many=True, help_text="The -o of every service.")
    findings = serializers.ListField(child=serializers.IntegerField(), help_text="Numbers of the findings beside it.")


class ReleaseSerializer(serializers.Serializer[None]):
    exact = serializers.CharField()
    at_least = serializers.CharField()
    why = serializers.CharField()
    file = serializers.CharField()
    line = serializers.IntegerField()


class EffectiveBody(serializers.Serializer[None]):
    instances = serializers.ListField(child=serializers.CharField(), help_text="The instances of this upload.")
    instance = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # DRF takes a declared field off the class
    services = serializers.ListField(child=serializers.CharField(), help_text="Services with options of their own.")
    release = ReleaseSerializer(allow_null=True)
    parameters = EffectiveSerializer(many=True)


class EffectiveValues(APIView):
    @extend_schema(
        tags=["discovery: uploads"],
        summary="The values in force of one instance",
        parameters=[EffectiveAsked],
        responses=EffectiveBody,
    )
    def get(self, request: Request, code: str, number: int) -> Response:
        """All parameters at once: those that are set and the defaults. An upload that was not read has none."""
        upload = find_upload(request, find_estate(request, code), number)
        asked = EffectiveFilter(**checked(EffectiveAsked, request.query_params))
        instances = find_instances(request, upload)
        if not instances and asked.instance:
            raise Http404
        names = [each.name for each in instances]
        shown = instance_named(instances, asked.instance) if instances else None
        told = _told(stored_upload(upload), shown, asked) if shown else _NOTHING
        return Response({"instances": names, "instance": shown.name if shown else None, **told})


_NOTHING: dict[str, Any] = {"services": [], "release": None, "parameters": []}


def _told(upload: Upload, shown: Instance, asked: EffectiveFilter) -> dict[str, Any]:
    view = find_effective_view(shown, asked)
    rows = asked.narrow(view.rows)
    found = findings_beside(upload, rows)
    release, sign = view.told.release, view.told.release.sign
    return {
        "services": [each.label for each in view.services],
        "release": {
            "exact": release.exact,
            "at_least": release.lowest,
            "why": sign.words if sign else "",
            "file": sign.file if sign else "",
            "line": sign.line if sign else 0,
        },
        "parameters": [as_plain(row, found.get(row.name, [])) for row in rows],
    }
