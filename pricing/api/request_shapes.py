"""What a request looks like over the API, and what recording one takes."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from rest_framework import serializers

from pricing.api.clock_shapes import ClockField, DueField
from pricing.api.offer_shapes import OfferSerializer
from pricing.calculation.facts import CustomComponents, DataPoints, Team
from pricing.domain.record_request import Contact
from pricing.forms import LARGEST, MOST
from pricing.models import Request


def count_field(*, least: int = 0, most: int = MOST) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=least, max_value=most, allow_null=True, default=None)


class ComponentsSerializer(serializers.Serializer[Any]):
    milters = count_field()
    bounce = count_field()
    fbl = count_field()
    other = count_field()


class PointsSerializer(serializers.Serializer[Any]):
    """The four data points. Null, or left out, is unknown."""

    month = count_field(least=1, most=LARGEST)
    peak = count_field(least=1, most=LARGEST)
    ips = count_field(least=1)
    pools = count_field(least=1)
    streams = count_field(least=1)
    tenants = count_field()
    domains = count_field(least=1)
    components = ComponentsSerializer(default=dict)
    team = serializers.ChoiceField(Request.TeamWish.choices, allow_null=True, default=None)


def points_in(sent: dict[str, Any]) -> DataPoints:
    """The data points as `PointsSerializer` read them."""
    components = CustomComponents(**sent["components"])
    team = Team(sent["team"]) if sent["team"] else None
    return DataPoints(**{**sent, "components": components, "team": team})


class LeadsToSerializer(serializers.Serializer[Any]):
    """What data points lead to. The offer holds as far as the numbers are known; `missing` says which are not."""

    missing = serializers.ListField(child=serializers.CharField())
    offer = OfferSerializer()


class PreviewSerializer(serializers.Serializer[Any]):
    points = PointsSerializer()


class ContactSerializer(serializers.Serializer[Any]):
    contact_name = serializers.CharField(max_length=120)
    contact_email = serializers.EmailField(max_length=254)
    source = serializers.ChoiceField(Request.Source.choices)  # type: ignore[assignment]  # DRF takes a declared field off the class


def contact_in(sent: dict[str, Any]) -> Contact:
    return Contact(sent["contact_name"], sent["contact_email"].lower(), sent["source"])


class NewCustomerSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)
    time_zone = serializers.CharField(max_length=60, help_text="Such as Europe/Madrid.")

    def validate_time_zone(self, zone: str) -> str:
        if zone not in available_timezones():
            raise serializers.ValidationError("Send the name of a time zone, for example Europe/Madrid.")
        return zone


class NewRequestSerializer(ContactSerializer):
    """Either `organization`, the name of a customer you know, or `new_customer`."""

    organization = serializers.CharField(required=False)
    new_customer = NewCustomerSerializer(required=False)
    points = PointsSerializer()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("organization" in attrs) == ("new_customer" in attrs):
            raise serializers.ValidationError("Send either “organization” or “new_customer”.")
        return attrs


class ChangeRequestSerializer(ContactSerializer):
    """The whole of it: a data point that is left out is unknown."""

    points = PointsSerializer()
    version = serializers.IntegerField(required=False, min_value=1, help_text="Unless If-Match says it.")


class RequestSerializer(serializers.ModelSerializer[Request]):
    """`due_at` is when the quote was promised; null as long as a data point is missing, and while the clock stands."""

    code = serializers.CharField(source="engagement.code", read_only=True)
    organization = serializers.CharField(source="engagement.organization.name", read_only=True)
    phase = serializers.CharField(source="engagement.phase", read_only=True)
    owner = serializers.CharField(source="owner.full_name", read_only=True)
    points = PointsSerializer(read_only=True)
    missing = serializers.ListField(source="points.missing", child=serializers.CharField(), read_only=True)
    due_at = DueField(source="*")
    clock = ClockField(source="*")
    changed_by = serializers.CharField(source="changed_by.full_name", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Request
        fields = [
            *("code", "organization", "phase", "version", "owner", "contact_name", "contact_email", "source"),
            *("points", "missing", "created_at", "complete_at", "due_at", "clock", "answered_at"),
            *("changed_by", "changed_at"),
        ]
        read_only_fields = fields


class RequestDetailSerializer(serializers.Serializer[Any]):
    """A request with what its data points lead to, and its quotes by reference, the newest first."""

    request = RequestSerializer()
    leads_to = LeadsToSerializer()
    quotes = serializers.ListField(child=serializers.CharField())
    refund = serializers.CharField(help_text="What is paid back if the advice is to stay on Postfix.")
